import { afterEach, describe, expect, it, vi } from 'vitest';
import { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import { ScriptedServer } from '../support/scripted-server.js';
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

const SET_UP_MS = 80;

// Long enough that the last messages of a connection take longer than a set-up does.
const MESSAGE_MS = 2;

describe('rotation', () => {
  it('makes no message wait for a connection to be set up', async () => {
    const server = await ScriptedServer.start(({ event, socket }) => {
      if (event === 'DOT') {
        setTimeout(() => socket.write('250 Ok\r\n'), MESSAGE_MS);
        return '';
      }
      if (event !== 'GREETING') return undefined;
      // The set-up takes as long as many messages do.
      setTimeout(() => socket.write('220 ready\r\n'), SET_UP_MS);
      return '';
    });
    relay = await FakeSendGrid.start();
    const deliveries = deliveriesTo(server, {
      pool: { maxConnections: 3, maxMessagesPerConnection: 150 },
    });
    await send(deliveries, outgoing('first'));
    let late = 0;

    for (let n = 0; n < 1500; n += 1) {
      // A busy machine holds messages up, too, but then a connection is free.
      const noneFree = deliveries.stats().connections.idle === 0;
      const { timings } = await send(deliveries, outgoing(n));
      if (noneFree && timings.queuedMs > SET_UP_MS * 0.75) late += 1;
    }
    await deliveries.drain(2000);
    await server.stop();

    expect(server.connections).toBeGreaterThan(9);
    expect(late).toBe(0);
  });

  it('sets the replacement up at the limit too, before a message asks for it', async () => {
    relay = await FakeSendGrid.start({ parse: false });
    const deliveries = deliveriesTo(relay, {
      pool: { maxConnections: 1, maxMessagesPerConnection: 5 },
    });

    for (let n = 0; n < 5; n += 1) await send(deliveries, outgoing(n));
    await relay.waitUntil(({ authenticated }) => authenticated === 2);
    await deliveries.drain(1000);

    expect(relay.counters).toMatchObject({ connections: 2, maxOpen: 1 });
  });

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
