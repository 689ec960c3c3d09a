import { afterEach, describe, expect, it } from 'vitest';
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
