import { Readable } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { OutgoingMail } from '../../lib/delivery/carrier.js';
import { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import { deliveriesTo, outgoing, send } from '../support/relay.js';
import { ScriptedServer } from '../support/scripted-server.js';
import { SILENT } from '../../lib/options/log.js';

let stop: () => Promise<void>;
afterEach(() => stop());

const LINE = 'line\r\n';

function ofSize(bytes: number): Partial<OutgoingMail> {
  return { content: { kind: 'bytes', bytes: Buffer.alloc(bytes, LINE) } };
}

function streamOf(
  lines: number,
  line: string,
  reusable: boolean,
): Partial<OutgoingMail> {
  const open = (): Readable => Readable.from(Array(lines).fill(line));
  return { content: { kind: 'stream', reusable, open } };
}

/** The reply to EHLO with these lines. */
function ehlo(...offered: string[]): string {
  const lines = [...offered, 'PIPELINING'].map((line) => `250-${line}\r\n`);
  return `250-relay\r\n${lines.join('')}250 AUTH PLAIN\r\n`;
}

/** A relay that says these lines in reply to one EHLO after another. */
async function relaySaying(...replies: string[]): Promise<ScriptedServer> {
  const server = await ScriptedServer.start(({ event, connection }) =>
    event === 'EHLO' ? (replies[connection - 1] ?? replies.at(-1)) : undefined,
  );
  stop = () => server.stop();
  return server;
}

const MISFIT = {
  code: 'INVALID_MESSAGE',
  deliveryState: 'not-sent',
  message:
    'The message has 1002 bytes and the relay takes 600 at most. Send fewer or smaller attachments.',
};

describe('a size over the SIZE that the relay told', () => {
  it('is refused before the message is queued, once that is known', async () => {
    const relay = await FakeSendGrid.start({ size: 600, parse: false });
    stop = () => relay.stop();
    const types: string[] = [];
    const deliveries = deliveriesTo(relay, {}, SILENT, ({ type }) => {
      types.push(type);
    });
    await send(deliveries, outgoing(1));
    types.length = 0;
    deliveries.pause('for the test');

    // Paused: were it queued, it would wait.
    await expect(
      send(deliveries, outgoing(2, ofSize(1002))),
    ).rejects.toMatchObject(MISFIT);

    expect(types).toEqual(['failed']);
    expect(deliveries.stats()).toMatchObject({
      queue: { messages: 0, bytes: 0 },
      totals: { notSent: 1, pending: 0 },
    });
    expect(relay.counters).toMatchObject({ connections: 1, mailFrom: 1 });
    deliveries.resume();
    await deliveries.drain(1000);
  });

  it('is refused with the same words while it is not known', async () => {
    const server = await relaySaying(ehlo('SIZE 600'));
    const deliveries = deliveriesTo(server);

    await expect(
      send(deliveries, outgoing(1, ofSize(1002))),
    ).rejects.toMatchObject(MISFIT);
    await deliveries.drain(1000);

    expect(server.count('EHLO')).toBe(1);
    expect(server.count('MAIL')).toBe(0);
  });

  it('opens no connection while what the relay told holds', async () => {
    const server = await relaySaying(ehlo('SIZE 600'));
    const deliveries = deliveriesTo(server, { pool: { idleTimeoutMs: 100 } });
    await send(deliveries, outgoing(1));
    await vi.waitFor(
      () => expect(deliveries.stats().connections.open).toBe(0),
      { timeout: 15_000 },
    );

    await expect(
      send(deliveries, outgoing(2, ofSize(1002))),
    ).rejects.toMatchObject(MISFIT);
    await deliveries.drain(1000);

    expect(server.count('EHLO')).toBe(1);
  });

  it.each([
    ['another', 'SIZE 2000'],
    ['no', 'SIZE'],
    ['a SIZE of 0, which is no', 'SIZE 0'],
    ['nothing of a', '8BITMIME'],
  ])('is forgotten when a later EHLO names %s limit', async (_, line) => {
    const server = await relaySaying(ehlo('SIZE 600'), ehlo(line));
    const deliveries = deliveriesTo(server, {
      pool: { maxMessagesPerConnection: 1 },
    });
    await send(deliveries, outgoing(1));
    await send(deliveries, outgoing(2));

    await send(deliveries, outgoing(3, ofSize(1002)));
    await deliveries.drain(1000);

    expect(server.accepted).toHaveLength(3);
  });

  it('is looked at anew once a connection would have been replaced', async () => {
    const server = await relaySaying(ehlo('SIZE 600'), ehlo('SIZE 2000'));
    const deliveries = deliveriesTo(server, {
      pool: { maxMessagesPerConnection: 1, maxLifetimeMs: 60_000 },
    });
    await send(deliveries, outgoing(1));
    const now = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => now() + 60_000);

    await send(deliveries, outgoing(2, ofSize(1002)));
    await deliveries.drain(1000);

    expect(server.accepted).toHaveLength(2);
  });

  it('takes a message of exactly that size', async () => {
    const server = await relaySaying(ehlo('SIZE 600'));
    const deliveries = deliveriesTo(server);
    await send(deliveries, outgoing(1));

    await send(deliveries, outgoing(2, ofSize(600)));
    await deliveries.drain(1000);

    expect(server.accepted[1]).toHaveLength(600);
  });
});

describe('a stream over the SIZE that the relay told', () => {
  it.each([true, false])(
    'is broken off as not sent, reusable %s',
    async (reusable) => {
      const server = await relaySaying(ehlo('SIZE 600'));
      const deliveries = deliveriesTo(server);

      await expect(
        send(deliveries, outgoing(1, streamOf(101, LINE, reusable))),
      ).rejects.toMatchObject({
        code: 'INVALID_MESSAGE',
        deliveryState: 'not-sent',
        message: expect.stringContaining('more than 600 bytes'),
      });
      await send(deliveries, outgoing(2));
      await deliveries.drain(1000);

      expect(server.accepted).toHaveLength(1);
    },
  );

  it('may be as long as that, dots that are doubled not counted', async () => {
    const server = await relaySaying(ehlo('SIZE 600'));
    const deliveries = deliveriesTo(server);

    await send(deliveries, outgoing(1, streamOf(100, '.ine\r\n', false)));
    await deliveries.drain(1000);

    expect(server.accepted[0]).toHaveLength(700);
  });
});

describe('an 8-bit message for a relay that offered no 8BITMIME', () => {
  it('is refused before it is queued, once that is known', async () => {
    const relay = await FakeSendGrid.start({ hide: ['8BITMIME'] });
    stop = () => relay.stop();
    const deliveries = deliveriesTo(relay);
    await send(deliveries, outgoing(1));
    deliveries.pause('for the test');
    const bytes = Buffer.from('From: a@b.example\r\n\r\nGröße\r\n');

    await expect(
      send(deliveries, outgoing(2, { content: { kind: 'bytes', bytes } })),
    ).rejects.toMatchObject({
      code: 'INVALID_MESSAGE',
      message: expect.stringContaining('8BITMIME'),
    });

    expect(deliveries.stats().queue.messages).toBe(0);
    deliveries.resume();
    await deliveries.drain(1000);
  });
});
