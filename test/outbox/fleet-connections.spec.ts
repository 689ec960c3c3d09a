import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Fleet } from '../../lib/outbox/fleet/fleet.js';
import { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import { startPostgres } from '../support/stores/postgres.js';
import { startRedis } from '../support/stores/redis.js';
import type { StoreServer } from '../support/stores/store-server.js';
import { fourWorkers, LEASE_MS, onlooker } from './support/fleet-of.js';
import type { FleetProcess } from './support/fleet-process.js';

const LIMITS = { maxConnections: 12 };
const FULL = 50;
const PATIENCE = { timeout: 60_000, interval: 20 };

describe.each([
  ['Redis', startRedis],
  ['PostgreSQL', startPostgres],
] as const)('four workers over %s', (_name, startStore) => {
  let store: StoreServer;
  let relay: FakeSendGrid;
  let fleet: Fleet;
  let workers: FleetProcess[];

  beforeEach(async () => {
    store = await startStore();
    relay = await FakeSendGrid.start({ parse: false, latencyMs: 5 });
    fleet = onlooker(store, LIMITS);
    workers = await fourWorkers(store, relay, LIMITS);
  });

  afterEach(async () => {
    await Promise.all(workers.map((worker) => worker.kill()));
    await relay.stop();
    await store.remove();
  });

  /** Waits until so many have these connections, all of them in use. */
  async function shared(...connections: number[]): Promise<void> {
    await vi.waitFor(async () => {
      const { workers: all } = await fleet.status();
      const held = all.map((worker) => worker.connections);
      expect(held.toSorted((a, b) => a - b)).toEqual(connections);
      expect(relay.counters.open).toBe(sum(connections));
    }, PATIENCE);
  }

  function load(messages: number): void {
    for (const worker of workers) worker.load(messages);
  }

  it('share all connections, and never hold one too many', async () => {
    load(FULL);
    await shared(3, 3, 3, 3);
    const [first, second, ...others] = workers;

    for (const worker of others) worker.load(0);
    await shared(0, 0, 6, 6);
    second?.load(0);
    await shared(0, 0, 0, 12);
    load(FULL);
    await shared(3, 3, 3, 3);
    await first?.leave();
    await shared(4, 4, 4);

    expect(relay.counters.maxOpen).toBe(12);
    expect(relay.counters.refused).toBe(0);
  });

  it('share out what one had that was killed', async () => {
    load(FULL);
    await shared(3, 3, 3, 3);

    await workers[0]?.kill();
    const killedAt = performance.now();
    await shared(4, 4, 4);

    // Its sockets are gone at once, its lease is not.
    expect(performance.now() - killedAt).toBeGreaterThan(LEASE_MS / 2);
    expect(relay.counters.maxOpen).toBe(12);
  });

  it.each(['stop', 'freeze'] as const)(
    'hold nothing before their leases end when the store is gone (%s)',
    async (how) => {
      load(FULL);
      await shared(3, 3, 3, 3);
      // These do not end by themselves.
      relay.fail('message', 'stall', { times: 2 });
      await store[how]();
      const goneAt = performance.now();

      await vi.waitFor(() => expect(relay.counters.open).toBe(0), PATIENCE);
      expect(performance.now() - goneAt).toBeLessThan(LEASE_MS);
      relay.release();
      if (how === 'stop') await store.start();
      else store.thaw();
      await shared(3, 3, 3, 3);

      expect(relay.counters.maxOpen).toBe(12);
    },
  );

  it('pause and go on together', async () => {
    load(FULL);
    await shared(3, 3, 3, 3);

    await fleet.pause('an incident');
    await vi.waitFor(async () => {
      const status = await fleet.status();
      expect(status.paused).toBe('an incident');
      expect(status.workers.every(({ upToDate }) => upToDate)).toBe(true);
    }, PATIENCE);
    // What was on the wire when they paused.
    await sleep(1000);
    const { accepted } = relay.counters;
    await sleep(1000);
    expect(relay.counters.accepted).toBe(accepted);

    await fleet.resume();
    await relay.waitUntil((counters) => counters.accepted > accepted + 1000, {
      timeoutMs: 60_000,
    });
    expect(relay.counters.maxOpen).toBe(12);
  });
});

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
