import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Fleet } from '../../lib/outbox/fleet/fleet.js';
import { ScriptedServer } from '../support/scripted-server.js';
import { startPostgres } from '../support/stores/postgres.js';
import { startRedis } from '../support/stores/redis.js';
import type { StoreServer } from '../support/stores/store-server.js';
import { fourWorkers, onlooker } from './support/fleet-of.js';
import type { FleetProcess } from './support/fleet-process.js';

const RATE = { messages: 60, perMs: 2000 };
const LIMITS = { maxConnections: 20, rateLimit: RATE };
const PATIENCE = { timeout: 60_000, interval: 20 };

describe.each([
  ['Redis', startRedis],
  ['PostgreSQL', startPostgres],
] as const)('the rate of four workers over %s', (_name, startStore) => {
  let store: StoreServer;
  let relay: ScriptedServer;
  let fleet: Fleet;
  let workers: FleetProcess[];
  let dots: number[];

  beforeEach(async () => {
    store = await startStore();
    dots = [];
    relay = await ScriptedServer.start(({ event, line }) => {
      if (event === 'DOT' && line !== '') dots.push(performance.now());
      return undefined;
    });
    fleet = onlooker(store, LIMITS);
    workers = await fourWorkers(store, relay, LIMITS);
  });

  afterEach(async () => {
    await Promise.all(workers.map((worker) => worker.kill()));
    await relay.stop();
    await store.remove();
  });

  /** Waits until so many have these parts of the rate. */
  async function shared(...messages: number[]): Promise<void> {
    await vi.waitFor(async () => {
      const { workers: all } = await fleet.status();
      const held = all.map((worker) => worker.messages);
      expect(held.toSorted((a, b) => a - b)).toEqual(messages);
    }, PATIENCE);
  }

  /** How many arrive in a while, as a part of what may. */
  async function usedIn(windows: number): Promise<number> {
    const before = dots.length;
    const from = performance.now();
    await sleep(windows * RATE.perMs);
    const took = (performance.now() - from) / RATE.perMs;
    return (dots.length - before) / (took * RATE.messages);
  }

  it('is used up and never exceeded, whoever has work and whoever dies', async () => {
    // What is late here says nothing about when it left.
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const [first, second, third] = workers;

    for (const worker of workers) worker.load(30);
    await shared(15, 15, 15, 15);
    const byAll = await usedIn(3);
    for (const worker of [second, third]) worker?.load(0);
    await shared(0, 0, 30, 30);
    const byTwo = await usedIn(3);
    await first?.kill();
    second?.load(30);
    await shared(0, 30, 30);
    const afterLoss = await usedIn(3);
    delay.disable();

    const late = delay.max / 1e6;
    expect(tightest(dots, RATE.messages)).toBeGreaterThan(
      RATE.perMs - Math.min(late, RATE.perMs / 2),
    );
    for (const used of [byAll, byTwo, afterLoss]) {
      expect(used).toBeGreaterThan(0.7);
    }
  });

  it('is set for all of them', async () => {
    for (const worker of workers) worker.load(30);
    await shared(15, 15, 15, 15);

    await fleet.setRateLimit({ messages: 8, perMs: 2000 });
    await shared(2, 2, 2, 2);
    // What left before has left the window.
    await sleep(RATE.perMs + 500);
    const before = dots.length;
    await sleep(4 * RATE.perMs);
    const slow = dots.slice(before);
    await fleet.setRateLimit(undefined);
    await vi.waitFor(
      () => expect(dots.length).toBeGreaterThan(before + 2000),
      PATIENCE,
    );

    expect(slow.length).toBeGreaterThan(8);
    expect(slow.length).toBeLessThanOrEqual(5 * 8);
  });
});

/** The shortest time in which one more arrived than is allowed. */
function tightest(times: readonly number[], messages: number): number {
  const spans = times
    .slice(messages)
    .map((at, index) => at - (times[index] ?? -Infinity));
  return Math.min(...spans);
}
