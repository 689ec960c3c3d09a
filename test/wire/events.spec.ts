import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Deliveries } from '../../lib/delivery/deliveries.js';
import { EventHub } from '../../lib/events/event-hub.js';
import type { MailEvent, MailEventType } from '../../lib/events/mail-event.js';
import { SILENT } from '../../lib/options/log.js';
import type { SendGridSmtpOptions } from '../../lib/options/sendgrid-smtp-options.js';
import { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import type { FakeSendGridOptions } from '../../lib/testing/fake-sendgrid/options.js';
import { deliveriesTo, outgoing, send } from '../support/relay.js';
import { ScriptedServer } from '../support/scripted-server.js';

let heard: MailEvent[];
let relay: FakeSendGrid;
let stop: () => Promise<void>;
beforeEach(() => {
  heard = [];
});
afterEach(() => stop());

const ONE = { pool: { maxConnections: 1 } };

async function start(
  options: Partial<SendGridSmtpOptions> = ONE,
  fake: FakeSendGridOptions = {},
): Promise<Deliveries> {
  relay = await FakeSendGrid.start({ security: 'none', parse: false, ...fake });
  stop = () => relay.stop();
  return deliveriesTo(relay, options, SILENT, (event) => heard.push(event));
}

function all<Type extends MailEventType>(
  type: Type,
): Extract<MailEvent, { type: Type }>[] {
  return heard.filter(
    (event): event is Extract<MailEvent, { type: Type }> => event.type === type,
  );
}

describe('a message', () => {
  it('is queued and sent', async () => {
    const deliveries = await start();
    const receipt = await send(deliveries, outgoing(1), { lane: 'urgent' });

    // Both are told before the send resolves.
    expect(all('queued')).toEqual([
      {
        type: 'queued',
        instance: 'tests',
        at: expect.any(Number),
        messageId: '<1@shop.example>',
        lane: 'urgent',
        recipients: ['***@example.com'],
      },
    ]);
    expect(all('sent')).toEqual([
      {
        type: 'sent',
        instance: 'tests',
        at: expect.any(Number),
        messageId: '<1@shop.example>',
        sendGridId: receipt.sendGridId,
        lane: 'urgent',
        attempts: 1,
        ...receipt.timings,
        recipients: ['***@example.com'],
        accepted: 1,
        rejected: 0,
      },
    ]);
    await deliveries.drain(1000);
  });

  it('that is refused has failed, with the reply masked', async () => {
    const deliveries = await start();
    relay.fail('message', '550 5.1.1 <ada@example.com> is unknown');
    await expect(send(deliveries, outgoing(1))).rejects.toThrow('ada@');
    await deliveries.drain(1000);

    expect(all('failed')).toMatchObject([
      {
        messageId: '<1@shop.example>',
        lane: 'normal',
        code: 'REJECTED',
        scope: 'message',
        deliveryState: 'not-sent',
        reply: { code: 550, text: '5.1.1 <***@example.com> is unknown' },
        attempts: 1,
        recipients: ['***@example.com'],
      },
    ]);
    expect(JSON.stringify(heard)).not.toContain('ada');
  });

  it('is shown with its recipients when `showRecipients` is set', async () => {
    const deliveries = await start({ ...ONE, showRecipients: true });
    relay.fail('message', '550 5.1.1 <ada@example.com> is unknown');
    await expect(send(deliveries, outgoing(1))).rejects.toThrow('ada@');
    await deliveries.drain(1000);

    expect(all('failed')).toMatchObject([
      {
        reply: { text: '5.1.1 <ada@example.com> is unknown' },
        recipients: ['ada@example.com'],
      },
    ]);
  });

  it('that is given up before it left has failed', async () => {
    const deliveries = await start();
    relay.fail('greeting', 'stall');
    const sent = send(deliveries, outgoing(1), { timeoutMs: 50 });
    await expect(sent).rejects.toMatchObject({ code: 'TIMED_OUT' });
    relay.release();
    await deliveries.drain(1000);

    expect(all('failed')).toMatchObject([{ code: 'TIMED_OUT', attempts: 0 }]);
    expect(all('settled-late')).toEqual([]);
  });
});

describe('a message that was given up after its dot', () => {
  async function giveUp(
    reply: '250 Ok: queued as late' | '550 <ada@example.com>',
  ): Promise<void> {
    let answer: (() => void) | undefined;
    const server = await ScriptedServer.start(({ event, socket }) => {
      if (event !== 'DOT') return undefined;
      answer = () => void socket.write(`${reply}\r\n`);
      return '';
    });
    stop = () => server.stop();
    const deliveries = deliveriesTo(server, ONE, SILENT, (event) =>
      heard.push(event),
    );
    await expect(
      send(deliveries, outgoing(1), { timeoutMs: 200 }),
    ).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    expect(all('settled-late')).toEqual([]);
    answer?.();
    await vi.waitFor(() => expect(all('settled-late')).toHaveLength(1));
    await deliveries.drain(1000);
    expect(deliveries.stats().totals).toMatchObject({
      unknown: 1,
      accepted: 0,
      rejected: 0,
    });
  }

  it.each([
    ['250 Ok: queued as late', 'accepted', 'Ok: queued as late'],
    ['550 <ada@example.com>', 'rejected', '<***@example.com>'],
  ] as const)('is settled late by %s', async (reply, outcome, text) => {
    await giveUp(reply);

    expect(all('failed')).toMatchObject([
      { code: 'OUTCOME_UNKNOWN', deliveryState: 'unknown' },
    ]);
    expect(all('settled-late')).toMatchObject([
      {
        messageId: '<1@shop.example>',
        lane: 'normal',
        outcome,
        reply: { code: Number(reply.slice(0, 3)), text },
        recipients: ['***@example.com'],
      },
    ]);
    expect(all('settled-late')[0]?.lateMs).toBeGreaterThanOrEqual(0);
  });
});

describe('a connection', () => {
  it('is opened, and rotated at its cap', async () => {
    const deliveries = await start({
      pool: { maxConnections: 1, maxMessagesPerConnection: 2 },
    });
    for (let n = 0; n < 4; n += 1) await send(deliveries, outgoing(n));
    await deliveries.drain(1000);

    const opened = all('connection-opened');
    expect(opened.length).toBeGreaterThanOrEqual(2);
    expect(opened[0]).toMatchObject({ open: 1 });
    expect(opened[0]?.setUpMs).toBeGreaterThan(0);
    expect(all('connection-rotated')).toMatchObject([
      { messages: 2, reason: 'cap' },
      { messages: 2, reason: 'cap' },
    ]);
    expect(all('connection-lost')).toEqual([]);
  });

  it('is rotated when it is old', async () => {
    const deliveries = await start({
      pool: { maxConnections: 1, minConnections: 1, maxLifetimeMs: 50 },
    });
    await vi.waitFor(() => expect(all('connection-rotated')).not.toEqual([]), {
      timeout: 5000,
    });
    await deliveries.drain(1000);

    expect(all('connection-rotated')[0]).toMatchObject({
      messages: 0,
      reason: 'lifetime',
    });
  });

  it('is rotated when it is not needed', async () => {
    const deliveries = await start({
      pool: { maxConnections: 1, idleTimeoutMs: 20 },
    });
    await send(deliveries, outgoing(1));
    await vi.waitFor(() => expect(all('connection-rotated')).not.toEqual([]));
    await deliveries.drain(1000);

    expect(all('connection-rotated')).toMatchObject([
      { messages: 1, reason: 'idle' },
    ]);
  });

  it('is lost under a message', async () => {
    const deliveries = await start();
    relay.fail('data', 'drop');
    await send(deliveries, outgoing(1));
    await deliveries.drain(1000);

    expect(all('connection-lost')).toMatchObject([
      { stage: 'session', messages: 1, unanswered: true },
    ]);
    expect(all('sent')).toMatchObject([{ attempts: 2 }]);
  });

  it('is lost by a reply, which is masked', async () => {
    const deliveries = await start();
    relay.fail('mail', '421 no more from <ada@example.com>');
    await send(deliveries, outgoing(1));
    await deliveries.drain(1000);

    const [lost] = all('connection-lost');
    expect(lost?.reply).toEqual({
      code: 421,
      text: 'no more from <***@example.com>',
    });
    expect(lost?.reason).toContain('421 no more from <***@example.com>');
  });

  it('is lost while it is set up', async () => {
    const deliveries = await start();
    relay.fail('auth', '535 Authentication failed');
    await expect(deliveries.verify()).rejects.toMatchObject({
      code: 'ACCOUNT',
    });
    await deliveries.drain(1000);

    expect(all('connection-lost')).toMatchObject([
      { stage: 'auth', messages: 0, unanswered: false, reply: { code: 535 } },
    ]);
    expect(all('connection-opened')).toEqual([]);
  });
});

describe('a relay', () => {
  it('that takes what is grouped is told of', async () => {
    const deliveries = await start();
    await Promise.all(
      Array.from({ length: 10 }, (_, n) => send(deliveries, outgoing(n))),
    );
    await deliveries.drain(1000);

    expect(all('pipelining-changed')).toMatchObject([
      {
        behind: 'body',
        allowed: true,
        mode: 'oneflight',
        reason: 'the relay answered one',
      },
    ]);
  });

  it('that has a cap of its own is told of once', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const deliveries = await start(ONE, {
      messagesPerConnection: 20,
      atCap: 'reply-421',
    });
    for (let n = 0; n < 150; n += 1) await send(deliveries, outgoing(n));
    await deliveries.drain(1000);

    expect(all('cap-learned')).toMatchObject([{ cap: 20 }]);
  });
});

describe('the end of an instance', () => {
  it('is the last event', async () => {
    const deliveries = await start();
    await send(deliveries, outgoing(1));
    const pending = send(deliveries, outgoing(2));
    await deliveries.drain(1000);
    await pending;

    expect(heard.at(-1)).toMatchObject({
      type: 'drained',
      report: { accepted: 1, rejected: 0, unknown: 0, notSent: 0 },
    });
    expect(all('drained')).toHaveLength(1);
  });

  it('comes after what it has cut off', async () => {
    const deliveries = await start();
    relay.fail('greeting', 'stall', { times: 100 });
    const sent = send(deliveries, outgoing(1));
    await Promise.all([
      deliveries.drain(50),
      expect(sent).rejects.toMatchObject({ code: 'SHUT_DOWN' }),
    ]);

    expect(heard.map(({ type }) => type)).toEqual([
      'queued',
      'failed',
      'drained',
    ]);
  });
});

describe('an instance that nobody listens to', () => {
  it('builds no event', async () => {
    const emit = vi.spyOn(EventHub.prototype, 'emit');
    relay = await FakeSendGrid.start({ security: 'none', parse: false });
    stop = () => relay.stop();
    const deliveries = deliveriesTo(relay, {
      pool: { maxConnections: 1, maxMessagesPerConnection: 3 },
    });
    relay.fail('data', 'drop', { when: ({ message }) => message === 2 });
    relay.fail('message', '550 no', { when: ({ message }) => message === 1 });
    await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) => send(deliveries, outgoing(n))),
    );
    await deliveries.drain(1000);

    expect(deliveries.stats().totals).toMatchObject({
      accepted: 19,
      rejected: 1,
    });
    expect(emit).not.toHaveBeenCalled();
  });
});
