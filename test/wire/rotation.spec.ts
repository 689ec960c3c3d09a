import { afterEach, describe, expect, it, vi } from 'vitest';
import { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import { deliveriesTo, outgoing, send } from '../support/relay.js';

let relay: FakeSendGrid;
afterEach(() => relay.stop());

/** Sends `count` messages, `width` at a time. */
async function sendMany(
  count: number,
  width: number,
  sendOne: (n: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      await sendOne(next);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
}

describe('rotation', () => {
  it(
    'makes no message wait for a connection to be set up',
    { timeout: 30_000 },
    async () => {
      relay = await FakeSendGrid.start({ latencyMs: 20, parse: false });
      const deliveries = deliveriesTo(relay, {
        pool: { maxConnections: 2, maxMessagesPerConnection: 20 },
      });
      await send(deliveries, outgoing('first'));
      const waits: number[] = [];

      for (let n = 0; n < 100; n += 1) {
        const { timings } = await send(deliveries, outgoing(n));
        waits.push(timings.queuedMs);
      }
      await deliveries.drain(2000);

      // Greeting, EHLO, STARTTLS, EHLO and AUTH take 100 ms at least.
      expect(relay.counters.connections).toBeGreaterThanOrEqual(6);
      expect(Math.max(...waits)).toBeLessThan(80);
      expect(relay.counters.maxMailsPerConnection).toBeLessThanOrEqual(20);
      expect(relay.counters.maxOpen).toBe(2);
    },
  );

  it('replaces connections that have lived for maxLifetimeMs', async () => {
    relay = await FakeSendGrid.start({ parse: false });
    const deliveries = deliveriesTo(relay, {
      pool: { maxConnections: 1, maxLifetimeMs: 50 },
    });

    await send(deliveries, outgoing(1));
    await vi.waitFor(async () => {
      await send(deliveries, outgoing(2));
      expect(relay.counters.connections).toBeGreaterThanOrEqual(2);
    });
    await deliveries.drain(1000);

    expect(relay.counters.closedWithoutQuit).toBe(0);
  });

  it(
    'sends 12,000 messages over 2 connections within the cap of 5,000',
    { timeout: 120_000 },
    async () => {
      relay = await FakeSendGrid.start({
        messagesPerConnection: 5000,
        parse: false,
      });
      const deliveries = deliveriesTo(relay, { pool: { maxConnections: 2 } });

      await sendMany(12_000, 50, (n) => send(deliveries, outgoing(n)));
      await deliveries.drain(10_000);

      const { counters, connections, messages } = relay;
      expect(deliveries.stats().totals).toEqual({
        submitted: 12_000,
        accepted: 12_000,
        rejected: 0,
        unknown: 0,
        notSent: 0,
        pending: 0,
      });
      const ids = messages.map(
        ({ raw }) => /Subject: (\d+)/.exec(String(raw))?.[1],
      );
      expect(new Set(ids).size).toBe(12_000);
      expect(counters.accepted).toBe(12_000);
      expect(counters.maxMailsPerConnection).toBeLessThanOrEqual(5000);
      expect(counters.maxOpen).toBe(2);
      expect(connections.length).toBeGreaterThanOrEqual(3);
      expect(connections.every(({ state }) => state === 'quit')).toBe(true);
    },
  );
});
