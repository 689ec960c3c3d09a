import { afterEach, describe, expect, it, vi } from 'vitest';

import type { Deliveries } from '../../lib/delivery/deliveries.js';
import type { MailEvent } from '../../lib/events/mail-event.js';
import type { SendGridSmtpOptions } from '../../lib/options/sendgrid-smtp-options.js';
import { SILENT } from '../../lib/options/log.js';
import { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import type { FaultStage } from '../../lib/testing/fake-sendgrid/faults.js';
import { deliveriesTo, outgoing, send } from '../support/relay.js';

const FAST = { maxAttempts: 5, baseDelayMs: 20 };

let relay: FakeSendGrid;
let deliveries: Deliveries;
let events: MailEvent[] = [];

async function start(
  options: Partial<SendGridSmtpOptions> = {},
): Promise<void> {
  relay = await FakeSendGrid.start();
  events = [];
  const settings = { retry: FAST, ...options };
  deliveries = deliveriesTo(relay, settings, SILENT, (event) =>
    events.push(event),
  );
}

afterEach(async () => {
  vi.useRealTimers();
  await deliveries.drain(1000);
  await relay.stop();
});

/** Once a message waits for its next attempt. */
async function deferred(): Promise<void> {
  await vi.waitFor(() =>
    expect(events.map(({ type }) => type)).toContain('deferred'),
  );
}

function tosOf(): readonly (readonly string[])[] {
  return relay.messages.map(({ envelope }) => envelope.to);
}

describe('a message that is refused for now', () => {
  it.each<[string, FaultStage]>([
    ['MAIL', 'mail'],
    ['RCPT', 'rcpt'],
    ['DATA', 'data'],
    ['the dot', 'message'],
  ])('at %s is sent when the relay takes it later', async (_, stage) => {
    await start();
    relay.fail(stage, '451 Later', { times: 2 });
    const receipt = await send(deliveries, outgoing(1));

    expect(receipt).toMatchObject({
      attempts: 3,
      accepted: ['ada@example.com'],
      recipients: [{ state: 'accepted', attempts: 3 }],
    });
    expect(relay.messages).toMatchObject([{ messageId: '<1@shop.example>' }]);
    expect(relay.counters.connections).toBe(1);
    expect(deliveries.stats().totals).toMatchObject({
      accepted: 1,
      rejected: 0,
    });
    expect(events.filter(({ type }) => type === 'deferred')).toMatchObject([
      { attempt: 1, reply: { code: 451, text: 'Later' } },
      { attempt: 2 },
    ]);
  });

  it('is given up after its attempts, with the last reply', async () => {
    await start();
    relay.fail('message', '451 Later', { times: 4 });
    relay.fail('message', '452 Full');
    const sent = send(deliveries, outgoing(1));

    await expect(sent).rejects.toMatchObject({
      code: 'REJECTED',
      retryable: true,
      deliveryState: 'not-sent',
      response: '452 Full',
      recipients: [{ state: 'rejected', attempts: 5, reply: { code: 452 } }],
    });
    expect(relay.counters.rejected).toBe(5);
  });

  it.each<[string, FaultStage]>([
    ['MAIL', 'mail'],
    ['RCPT', 'rcpt'],
    ['DATA', 'data'],
    ['the dot', 'message'],
  ])('is not one that got a 5xx at %s', async (_, stage) => {
    await start();
    relay.fail(stage, '554 Never');

    await expect(send(deliveries, outgoing(1))).rejects.toMatchObject({
      code: 'REJECTED',
      response: '554 Never',
      recipients: [{ attempts: 1 }],
    });
    expect(events.map(({ type }) => type)).not.toContain('deferred');
  });

  it('holds no connection while it waits, and keeps its lane', async () => {
    await start({
      pool: { maxConnections: 1 },
      retry: { maxAttempts: 2, baseDelayMs: 10_000 },
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const from = 'late@shop.example';
    relay.fail('mail', '451 Later', { when: ({ sender }) => sender === from });
    const envelope = { from, to: ['ada@example.com'] };
    const told = (): MailEvent[] =>
      events.filter(
        (event) => 'messageId' in event && event.messageId?.includes('late'),
      );
    const late = send(deliveries, outgoing('late', { envelope }), {
      lane: 'bulk',
    });
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => send(deliveries, outgoing(n))),
    );
    await vi.waitFor(() => expect(told()).toHaveLength(2));
    expect(deliveries.stats()).toMatchObject({
      connections: { open: 1, busy: 0 },
      queue: { messages: 1, byLane: { bulk: { messages: 0 } } },
    });
    await vi.advanceTimersByTimeAsync(10_000);
    await late;

    expect(relay.messages.at(-1)?.subject).toBe('late');
    expect(told()).toMatchObject([
      { type: 'queued', lane: 'bulk' },
      { type: 'deferred', lane: 'bulk' },
      { type: 'sent', lane: 'bulk', attempts: 2 },
    ]);
  });

  it('ends at once when its signal fires while it waits', async () => {
    await start({ retry: { baseDelayMs: 60_000 } });
    const controller = new AbortController();
    relay.fail('mail', '451 Later');
    const { signal } = controller;
    const sent = send(deliveries, outgoing(1), { signal, lane: 'bulk' });
    const settled = Promise.allSettled([sent]);
    await deferred();
    controller.abort();

    expect(await settled).toMatchObject([
      {
        reason: {
          code: 'ABORTED',
          deliveryState: 'not-sent',
          recipients: [
            { state: 'not-sent', reply: { code: 451 }, attempts: 1 },
          ],
        },
      },
    ]);
    expect(deliveries.stats().queue.messages).toBe(0);
  });

  it('ends with the shutdown when it still waits then', async () => {
    await start({ retry: { baseDelayMs: 60_000 } });
    relay.fail('mail', '451 Later');
    const sent = send(deliveries, outgoing(1), { lane: 'bulk' });
    const settled = Promise.allSettled([sent]);
    await deferred();

    expect(await deliveries.drain(50)).toMatchObject({
      notSent: 1,
      abandoned: [{ lane: 'bulk', messageId: '<1@shop.example>' }],
    });
    expect(await settled).toMatchObject([{ reason: { code: 'SHUT_DOWN' } }]);
  });
});

describe('a message that is refused for some recipients', () => {
  const TO = ['ada@example.com', 'bob@example.com', 'cy@example.com'];
  const toMany = outgoing(1, {
    envelope: { from: 'hello@shop.example', to: TO },
  });

  it('is sent again to those deferred only, under the same Message-ID', async () => {
    await start();
    relay.fail('rcpt', '450 Busy', {
      times: 2,
      when: ({ recipient }) => recipient !== 'bob@example.com',
    });
    relay.fail('rcpt', '450 Busy', {
      when: ({ recipient }) => recipient === 'cy@example.com',
    });
    const receipt = await send(deliveries, toMany);

    expect(tosOf()).toEqual([
      ['bob@example.com'],
      ['ada@example.com'],
      ['cy@example.com'],
    ]);
    const ids = relay.messages.map(({ messageId }) => messageId);
    expect(new Set(ids)).toEqual(new Set(['<1@shop.example>']));
    expect(receipt).toMatchObject({
      accepted: TO,
      rejected: [],
      attempts: 3,
      recipients: [
        { address: 'ada@example.com', state: 'accepted', attempts: 2 },
        { address: 'bob@example.com', state: 'accepted', attempts: 1 },
        { address: 'cy@example.com', state: 'accepted', attempts: 3 },
      ],
    });
    const [first] = relay.messages;
    expect(receipt.sendGridId).toBe(first?.id);
  });

  it('resolves with what became of each', async () => {
    await start({ retry: { maxAttempts: 2, baseDelayMs: 20 } });
    relay.fail('rcpt', '450 Busy', {
      times: 2,
      when: ({ recipient }) => recipient === 'ada@example.com',
    });
    relay.fail('rcpt', '550 Never', {
      when: ({ recipient }) => recipient === 'cy@example.com',
    });

    expect(await send(deliveries, toMany)).toMatchObject({
      accepted: ['bob@example.com'],
      rejected: ['ada@example.com', 'cy@example.com'],
      recipients: [
        { state: 'rejected', reply: { code: 450 }, attempts: 2 },
        { state: 'accepted', attempts: 1 },
        { state: 'rejected', reply: { code: 550 }, attempts: 1 },
      ],
    });
    expect(tosOf()).toEqual([['bob@example.com']]);
  });
});

describe('a message whose connection is lost', () => {
  it('before it left moves on, at no attempt’s cost', async () => {
    await start({ retry: { maxAttempts: 1 } });
    relay.fail('data', 'drop', { times: 3 });

    expect(await send(deliveries, outgoing(1))).toMatchObject({ attempts: 4 });
    expect(events.map(({ type }) => type)).not.toContain('deferred');
  });

  it('after it left is not sent again by default', async () => {
    await start();
    relay.fail('message', 'accept-and-drop');

    await expect(send(deliveries, outgoing(1))).rejects.toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      deliveryState: 'unknown',
    });
    expect(relay.counters.accepted).toBe(1);
  });

  it('after it left is sent twice with onUnknown: retry', async () => {
    await start({ retry: { ...FAST, onUnknown: 'retry' } });
    relay.fail('message', 'accept-and-drop');

    expect(await send(deliveries, outgoing(1))).toMatchObject({ attempts: 2 });
    const ids = relay.messages.map(({ messageId }) => messageId);
    expect(ids).toEqual(['<1@shop.example>', '<1@shop.example>']);
  });

  it('stays of unknown outcome when it is refused after that', async () => {
    await start({ retry: { ...FAST, onUnknown: 'retry' } });
    relay.fail('message', 'accept-and-drop');
    relay.fail('message', '554 Never');

    await expect(send(deliveries, outgoing(1))).rejects.toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      cause: { code: 'REJECTED', response: '554 Never' },
    });
    expect(deliveries.stats().totals).toMatchObject({ unknown: 1 });
  });
});
