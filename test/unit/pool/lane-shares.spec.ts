import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  DispatchQueue,
  type Queued,
} from '../../../lib/pool/dispatch-queue.js';
import { LANES, type Lane } from '../../../lib/pool/lane.js';

interface Item extends Queued {
  waiting: boolean;
}

/** One dispatch: which lane it went to, and which lanes had asked for it. */
interface Dispatch {
  readonly lane: Lane;
  readonly asking: ReadonlySet<Lane>;
}

type Act = 'take' | 'put back' | 'withdraw' | Lane;

const act = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<Act>('take') },
  { weight: 5, arbitrary: fc.constantFrom<Act>(...LANES) },
  { weight: 1, arbitrary: fc.constantFrom<Act>('put back', 'withdraw') },
);

/** Does all of it, and writes down the dispatches. */
function play(acts: readonly Act[], preload: number): Dispatch[] {
  const queue = new DispatchQueue<Item>();
  const dispatches: Dispatch[] = [];
  const taken: Item[] = [];
  const push = (lane: Lane): void =>
    queue.push({ lane, waiting: true, queuedAt: 0 });
  const does: Record<Exclude<Act, Lane>, () => void> = {
    take: () => {
      const asking = new Set(LANES.filter((lane) => queue.sizeOf(lane) > 0));
      const item = queue.take();
      if (item === undefined) return;
      dispatches.push({ lane: item.lane, asking });
      taken.push(item);
    },
    'put back': () => {
      const item = taken.pop();
      if (item !== undefined) queue.unshift(item);
    },
    withdraw: () => {
      const item = queue.peek();
      if (item === undefined) return;
      item.waiting = false;
      queue.withdraw(item);
    },
  };
  for (const lane of LANES) for (let n = 0; n < preload; n += 1) push(lane);
  for (const one of acts) {
    if (one in does) does[one as keyof typeof does]();
    else push(one as Lane);
  }
  return dispatches;
}

/** The lanes of every stretch of dispatches through all of which `lane` asked. */
function stretches(
  dispatches: readonly Dispatch[],
  length: number,
  lane: Lane,
): Lane[][] {
  const found: Lane[][] = [];
  for (let at = 0; at + length <= dispatches.length; at += 1) {
    const stretch = dispatches.slice(at, at + length);
    if (stretch.every(({ asking }) => asking.has(lane))) {
      found.push(stretch.map((one) => one.lane));
    }
  }
  return found;
}

function count(lanes: readonly Lane[], lane: Lane): number {
  return lanes.filter((one) => one === lane).length;
}

const acts = fc.array(act, { minLength: 50, maxLength: 400 });
const preload = fc.constantFrom(0, 5, 100);

function check(property: (dispatches: readonly Dispatch[]) => void): void {
  fc.assert(
    fc.property(acts, preload, (list, most) => property(play(list, most))),
  );
}

describe('the shares of the lanes, whatever comes and goes', () => {
  it('are at least one dispatch in four for normal, while it waits', () => {
    check((dispatches) => {
      for (const lanes of stretches(dispatches, 4, 'normal')) {
        expect(lanes).toContain('normal');
      }
    });
  });

  it('are at least one dispatch in sixteen for bulk, while it waits', () => {
    check((dispatches) => {
      for (const lanes of stretches(dispatches, 16, 'bulk')) {
        expect(lanes).toContain('bulk');
      }
    });
  });

  it('are all that is left for urgent, while it waits', () => {
    check((dispatches) => {
      for (const lanes of stretches(dispatches, 16, 'urgent')) {
        expect(count(lanes, 'normal')).toBeLessThanOrEqual(4);
        expect(count(lanes, 'bulk')).toBeLessThanOrEqual(1);
      }
    });
  });

  it('are no more than one in sixteen for bulk, while normal waits', () => {
    check((dispatches) => {
      for (const lanes of stretches(dispatches, 16, 'normal')) {
        expect(count(lanes, 'bulk')).toBeLessThanOrEqual(1);
      }
    });
  });

  it('leave no dispatch unused', () => {
    check((dispatches) => {
      for (const { lane, asking } of dispatches) {
        expect(asking).toContain(lane);
      }
    });
  });
});
