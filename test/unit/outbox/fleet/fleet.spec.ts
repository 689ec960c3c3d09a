import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Log } from '../../../../lib/options/log.js';
import type { FleetLimits } from '../../../../lib/outbox/fleet/fleet-limits.js';
import { Fleet } from '../../../../lib/outbox/fleet/fleet.js';
import type { FleetShare } from '../../../../lib/outbox/fleet/share-holder.js';
import { FakeHolder } from './support/fake-holder.js';
import {
  MemoryFleetStore,
  type MemoryLine,
} from './support/memory-fleet-store.js';

const LEASE_MS = 15_000;
const LIMITS: FleetLimits = {
  maxConnections: 12,
  rateLimit: { messages: 60, perMs: 2000 },
};

let store: MemoryFleetStore;
let told: string[];

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'],
  });
  store = new MemoryFleetStore();
  told = [];
});

afterEach(() => vi.useRealTimers());

const log: Log = {
  info: (text) => told.push(text),
  warn: (text) => told.push(text),
};

interface Worker {
  readonly fleet: Fleet;
  readonly holder: FakeHolder;
  readonly line: MemoryLine;
}

/** A worker that wants everything. */
function worker(limits = LIMITS): Worker {
  const holder = new FakeHolder();
  holder.wants(60);
  const line = store.line();
  const settings = { store: line, holder, limits, leaseMs: LEASE_MS, log };
  return { fleet: new Fleet(settings), holder, line };
}

async function joined(limits = LIMITS): Promise<Worker> {
  const made = worker(limits);
  await made.fleet.start();
  return made;
}

function pass(ms: number): Promise<unknown> {
  return vi.advanceTimersByTimeAsync(ms);
}

function share(
  connections: number,
  messages: number,
  paused?: string,
): FleetShare {
  return { connections, rate: { messages, perMs: 2000 }, paused };
}

describe('a worker of a fleet', () => {
  it('has nothing before it has joined, and then all there is', async () => {
    const { fleet, holder } = worker();
    expect(holder.share).toEqual(share(0, 0));

    await fleet.start();

    expect(holder.share).toEqual(share(12, 60));
  });

  it('shares evenly with another, which waits for what the first holds', async () => {
    const first = await joined();
    first.holder.uses(12, 50);
    const second = await joined();
    await pass(2500);

    expect(first.holder.share).toEqual(share(6, 30));
    expect(second.holder.share).toEqual(share(0, 10));
    first.holder.uses(9, 40);
    await pass(2500);
    expect(second.holder.share).toEqual(share(3, 20));
    first.holder.uses(6, 5);
    await pass(2500);
    expect(second.holder.share).toEqual(share(6, 30));
  });

  it('gets what another has that is gone when its lease, and then its window, has ended', async () => {
    const first = await joined();
    first.holder.uses(12, 50);
    first.line.state = 'down';
    const second = await joined();

    await pass(LEASE_MS - 500);
    expect(second.holder.share).toEqual(share(0, 0));
    await pass(1000);
    expect(second.holder.share).toEqual(share(12, 0));
    await pass(3000);
    expect(second.holder.share).toEqual(share(12, 60));
  });

  it('returns its share at once when it leaves, but for what it has sent', async () => {
    const first = await joined();
    first.holder.uses(12, 40);
    const second = await joined();

    const stopped = first.fleet.stop(1000);
    await pass(300);
    expect(first.holder.share).toEqual(share(0, 0));
    first.holder.uses(0, 40);
    await pass(300);
    await stopped;
    await pass(1000);
    expect(second.holder.share).toEqual(share(12, 20));
    await pass(LEASE_MS + 2500);

    expect(second.holder.share).toEqual(share(12, 60));
  });

  it('drops what is open when it has left for too long', async () => {
    const { fleet, holder } = await joined();
    holder.uses(3);

    const stopped = fleet.stop(1000);
    await pass(900);
    expect(holder.drops).toBe(0);
    await pass(600);
    await stopped;

    expect(holder.drops).toBeGreaterThan(0);
    const status = await worker().fleet.status();
    expect(status.workers).toEqual([]);
  });

  it('leaves without delay when the store is gone', async () => {
    const { fleet, holder, line } = await joined();
    holder.uses(3);
    line.state = 'down';

    await fleet.stop(60_000);

    expect(holder.drops).toBe(1);
  });

  it('has its part in advance while nobody needs more', async () => {
    const first = await joined();
    first.holder.wants(0);
    const second = await joined();
    second.holder.wants(0);
    await pass(3000);

    expect(first.holder.share).toEqual(share(6, 30));
    expect(second.holder.share).toEqual(share(6, 30));
  });

  it('can ask for more at once', async () => {
    const { fleet, line } = await joined();
    await pass(3000);
    const { swaps } = line;
    // The next one is most of a second away then.
    while (line.swaps === swaps) await pass(10);

    fleet.nudge();
    fleet.nudge();
    await pass(250);

    expect(line.swaps).toBe(swaps + 2);
  });
});

describe.each(['down', 'hangs', 'deaf'] as const)(
  'a worker whose store is %s',
  (state) => {
    it('takes on nothing after a third of its lease, and drops all before its end', async () => {
      const { holder, line } = await joined();
      holder.uses(12, 20);
      line.state = state;

      await pass(4999);
      expect(holder.share).toEqual(share(12, 60));
      await pass(2);
      expect(holder.share).toEqual(share(0, 0));
      await pass(6998);
      expect(holder.drops).toBe(0);
      await pass(2);
      expect(holder.drops).toBe(1);
    });

    it('goes on where it was when the store is back in time', async () => {
      const { holder, line } = await joined();
      line.state = state;
      await pass(8000);
      expect(holder.share).toEqual(share(0, 0));

      line.state = 'up';
      await pass(4000);

      expect(holder.share).toEqual(share(12, 60));
      expect(holder.drops).toBe(0);
    });

    it('says so once, and when it is over', async () => {
      const { line } = await joined();
      line.state = state;
      await pass(60_000);
      expect(told).toHaveLength(1);
      expect(told[0]).toContain('could not be renewed');

      line.state = 'up';
      await pass(4000);

      expect(told).toHaveLength(2);
    });
  },
);

describe('a worker whose store is slow', () => {
  it('counts its lease from when it asked', async () => {
    const { fleet, holder, line } = worker();
    line.answersAfterMs = 2500;
    void fleet.start();
    await pass(2499);
    expect(holder.share).toEqual(share(0, 0));
    await pass(1);
    expect(holder.share).toEqual(share(12, 60));
    line.state = 'down';

    await pass(2501);
    expect(holder.share).toEqual(share(0, 0));
    await pass(6998);
    expect(holder.drops).toBe(0);
    await pass(2);

    expect(holder.drops).toBe(1);
  });

  it('asks again when an answer takes too long', async () => {
    const { fleet, holder, line } = worker();
    line.answersAfterMs = 3500;
    void fleet.start();
    await pass(3001);
    expect(told).toHaveLength(1);
    expect(holder.share).toEqual(share(0, 0));

    line.answersAfterMs = 0;
    await pass(1000);

    expect(holder.share).toEqual(share(12, 60));
  });
});

describe('a fleet', () => {
  it('pauses and resumes every worker, also those that come later', async () => {
    const first = await joined();
    const second = await joined();

    await first.fleet.pause('an incident');
    expect(first.holder.share?.paused).toBe('an incident');
    await pass(1000);
    expect(second.holder.share?.paused).toBe('an incident');
    const third = await joined();
    expect(third.holder.share?.paused).toBe('an incident');
    await second.fleet.resume();
    await pass(1000);

    for (const { holder } of [first, second, third]) {
      expect(holder.share?.paused).toBeUndefined();
    }
  });

  it('takes orders from who is no part of it', async () => {
    const { holder } = await joined();
    const onlooker = worker();

    await onlooker.fleet.pause('an incident');
    await pass(1000);

    expect(holder.share?.paused).toBe('an incident');
    expect(onlooker.holder.share).toEqual(share(0, 0));
    const { workers } = await onlooker.fleet.status();
    expect(workers).toHaveLength(1);
  });

  it('tells who gives orders that the store is gone', async () => {
    const { fleet, line } = worker();
    line.state = 'down';
    await expect(fleet.pause('x')).rejects.toThrow('ECONNREFUSED');
    line.state = 'hangs';

    const [paused] = await Promise.all([
      fleet.pause('x').catch((error: unknown) => error),
      pass(3000),
    ]);

    expect(String(paused)).toContain('did not answer');
  });

  it('takes another rate for all, or none', async () => {
    const first = await joined();
    const second = await joined();
    await pass(2000);

    await first.fleet.setRateLimit({ messages: 7, perMs: 500 });
    await pass(2000);
    expect(first.holder.share?.rate?.perMs).toBe(500);
    const rates = [first, second].map(({ holder }) => holder.share?.rate);
    const messages = rates.map((rate) => rate?.messages ?? 0);
    expect(messages.toSorted((a, b) => a - b)).toEqual([3, 4]);
    await first.fleet.setRateLimit(undefined);
    await pass(2000);

    expect(second.holder.share?.rate).toBeUndefined();
  });

  it('keeps a rate over workers of the same limits, and takes those of others', async () => {
    const first = await joined();
    await first.fleet.setRateLimit({ messages: 7, perMs: 2000 });
    await joined();
    expect((await first.fleet.status()).limits.rateLimit?.messages).toBe(7);

    await joined({
      maxConnections: 5,
      rateLimit: { messages: 9, perMs: 2000 },
    });
    await pass(2000);

    const { limits, workers } = await first.fleet.status();
    expect(limits).toEqual({
      maxConnections: 5,
      rateLimit: { messages: 9, perMs: 2000 },
    });
    const held = workers.map(({ connections }) => connections);
    expect(held.toSorted((a, b) => a - b)).toEqual([1, 2, 2]);
  });

  it('is as the store knows it', async () => {
    const first = await joined();
    first.holder.uses(12, 5);
    await joined();
    await pass(2500);

    const { limits, workers, paused } = await first.fleet.status();

    expect(limits).toEqual(LIMITS);
    expect(paused).toBeUndefined();
    expect(workers).toHaveLength(2);
    expect(workers).toContainEqual({
      id: expect.any(String) as string,
      connections: 12,
      messages: 30,
      upToDate: true,
    });
  });

  it('that a later version has written is left alone', async () => {
    store.text = JSON.stringify({ form: 2 });
    const { fleet, holder } = worker();

    await fleet.start();

    expect(told[0]).toContain('form 2');
    expect(holder.share).toEqual(share(0, 0));
    expect(store.text).toBe('{"form":2}');
    await expect(fleet.pause('x')).rejects.toThrow('form 2');
  });

  it('that the store has forgotten forms again', async () => {
    const first = await joined();
    first.holder.uses(12, 60);
    const second = await joined();
    await pass(2000);
    store.text = undefined;
    await pass(2000);

    first.holder.uses(6, 30);
    await pass(2000);

    expect(first.holder.share).toEqual(share(6, 30));
    expect(second.holder.share).toEqual(share(6, 30));
  });
});
