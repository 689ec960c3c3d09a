import { afterEach, describe, expect, it, vi } from 'vitest';

import { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import { deliveriesTo, outgoing, send } from '../support/relay.js';
import { ScriptedServer } from '../support/scripted-server.js';

let stop: () => Promise<void>;
afterEach(() => stop());

/** Waits until something has happened that often. */
async function atLeast(times: number, count: () => number): Promise<void> {
  const enough = (): void => expect(count()).toBeGreaterThanOrEqual(times);
  await vi.waitFor(enough, { timeout: 50_000, interval: 5 });
}

describe('the ramp', () => {
  it.each(['none', 'starttls', 'implicit'] as const)(
    'never sets up more than maxConnecting at once, over %s',
    async (security) => {
      const relay = await FakeSendGrid.start({
        security,
        latencyMs: 20,
        parse: false,
      });
      stop = () => relay.stop();
      const deliveries = deliveriesTo(relay, {
        pool: { maxConnections: 25, maxConnecting: 4 },
      });
      let most = 0;
      const done = relay.waitUntil(
        ({ connections, authenticated, accepted }) => {
          most = Math.max(most, connections - authenticated);
          return accepted === 1000;
        },
        { timeoutMs: 15_000 },
      );

      await Promise.all(
        Array.from({ length: 1000 }, (_, n) => send(deliveries, outgoing(n))),
      );
      await done;
      await deliveries.drain(2000);

      expect(most).toBe(4);
      expect(relay.counters.maxOpen).toBe(25);
    },
  );

  it('leaves everything to two connections while others are greeted with 421', async () => {
    const relay = await FakeSendGrid.start({ maxConnections: 2, parse: false });
    stop = () => relay.stop();
    const deliveries = deliveriesTo(relay, {
      pool: { maxConnections: 10, maxConnecting: 8 },
    });

    const lanes = ['urgent', 'normal', 'bulk'] as const;
    const receipts = await Promise.all(
      Array.from({ length: 2000 }, (_, n) =>
        send(deliveries, outgoing(n), { lane: lanes[n % 3] ?? 'normal' }),
      ),
    );
    await deliveries.drain(2000);

    expect(receipts).toHaveLength(2000);
    expect(relay.counters).toMatchObject({ accepted: 2000, maxOpen: 2 });
    // A round before any is set up and one after; then one in half a minute.
    expect(relay.counters.refused).toBeLessThanOrEqual(16);
  });
});

describe('a relay that takes no connections', () => {
  it(
    'loses no message, and is used again within one back-off',
    { timeout: 60_000 },
    async () => {
      const attempts: number[] = [];
      let away = true;
      const server = await ScriptedServer.start(({ event, socket }) => {
        if (event !== 'GREETING') return undefined;
        attempts.push(performance.now());
        if (!away) return undefined;
        socket.destroy();
        return '';
      });
      stop = () => server.stop();
      const deliveries = deliveriesTo(server, {
        pool: { maxConnections: 5, maxConnecting: 1 },
        queue: { failFastAfterMs: 60_000 },
      });

      const sends = Array.from({ length: 100 }, (_, n) =>
        send(deliveries, outgoing(n)),
      );
      await atLeast(4, () => attempts.length);
      away = false;
      await Promise.all(sends);
      const [, ...probes] = attempts.slice(0, 5);
      await deliveries.drain(2000);

      expect(new Set(server.accepted).size).toBe(100);
      expect(server.accepted).toHaveLength(100);
      for (const [index, at] of probes.entries()) {
        const pause = at - (attempts[index] ?? 0);
        expect(pause).toBeLessThan(500 * 2 ** index + 500);
      }
    },
  );

  it('is probed by one connection at a time', { timeout: 60_000 }, async () => {
    let open = 0;
    let most = 0;
    let probes = 0;
    const server = await ScriptedServer.start(({ event, socket }) => {
      if (event !== 'GREETING') return undefined;
      open += 1;
      probes += 1;
      // The first attempts are made before anything is known.
      if (probes > 8) most = Math.max(most, open);
      socket.once('close', () => (open -= 1));
      setTimeout(() => socket.destroy(), 50);
      return '';
    });
    stop = () => server.stop();
    const deliveries = deliveriesTo(server, {
      pool: { maxConnections: 20 },
      queue: { failFastAfterMs: 60_000 },
    });

    const sends = Promise.allSettled(
      Array.from({ length: 100 }, (_, n) => send(deliveries, outgoing(n))),
    );
    await atLeast(11, () => probes);
    await deliveries.drain(50);
    const results = await sends;

    expect(most).toBe(1);
    for (const result of results) {
      expect(result).toMatchObject({ reason: { deliveryState: 'not-sent' } });
    }
  });
});
