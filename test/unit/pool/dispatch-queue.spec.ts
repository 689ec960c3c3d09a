import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  DispatchQueue,
  type Queued,
} from '../../../lib/pool/dispatch-queue.js';
import { LANES, type Lane } from '../../../lib/pool/lane.js';

class Item implements Queued {
  waiting = true;
  readonly queuedAt = 0;

  constructor(
    readonly lane: Lane,
    readonly n: number,
  ) {}
}

function filled(counts: Partial<Record<Lane, number>>): DispatchQueue<Item> {
  const queue = new DispatchQueue<Item>();
  for (const lane of LANES) {
    for (let n = 0; n < (counts[lane] ?? 0); n += 1) {
      queue.push(new Item(lane, n));
    }
  }
  return queue;
}

function takeMany(queue: DispatchQueue<Item>, count: number): Item[] {
  return Array.from({ length: count }, () => queue.take()).filter(
    (item) => item !== undefined,
  );
}

function lanesOf(items: readonly Item[]): Lane[] {
  return items.map((item) => item.lane);
}

/** Fewest entries of a lane in any stretch of that many dispatches. */
function fewest(taken: readonly Lane[], lane: Lane, stretch: number): number {
  const counts: number[] = [];
  for (let at = 0; at + stretch <= taken.length; at += 1) {
    const part = taken.slice(at, at + stretch);
    counts.push(part.filter((one) => one === lane).length);
  }
  return Math.min(...counts);
}

describe('the shares of the lanes', () => {
  it('give normal one in four and bulk one in sixteen', () => {
    const queue = filled({ urgent: 500, normal: 500, bulk: 500 });
    const taken = lanesOf(takeMany(queue, 320));

    expect(fewest(taken, 'normal', 4)).toBe(1);
    expect(fewest(taken, 'bulk', 16)).toBe(1);
    expect(taken.filter((lane) => lane === 'urgent')).toHaveLength(220);
  });

  it.each([
    [
      { urgent: 48, normal: 48 },
      { urgent: 36, normal: 12, bulk: 0 },
    ],
    [
      { urgent: 48, bulk: 48 },
      { urgent: 45, normal: 0, bulk: 3 },
    ],
    [
      { normal: 48, bulk: 48 },
      { urgent: 0, normal: 45, bulk: 3 },
    ],
    [{ bulk: 48 }, { urgent: 0, normal: 0, bulk: 48 }],
  ])('of %j are %j in 48 dispatches', (counts, shares) => {
    const taken = lanesOf(takeMany(filled(counts), 48));
    const count = (lane: Lane): number =>
      taken.filter((one) => one === lane).length;

    expect({
      urgent: count('urgent'),
      normal: count('normal'),
      bulk: count('bulk'),
    }).toEqual(shares);
  });

  it('put urgent first from the start', () => {
    const queue = filled({ normal: 1, bulk: 1, urgent: 1 });

    expect(lanesOf(takeMany(queue, 3))).toEqual(['urgent', 'normal', 'bulk']);
  });
});

interface Model {
  readonly lanes: Record<Lane, Item[]>;
  taken: Item[];
}

type Command = fc.Command<Model, DispatchQueue<Item>>;

let serial = 0;

function checkSizes(model: Model, queue: DispatchQueue<Item>): void {
  for (const lane of LANES) {
    expect(queue.sizeOf(lane)).toBe(model.lanes[lane].length);
    expect(queue.oldest(lane)).toBe(model.lanes[lane][0]);
    expect([...queue.in(lane)]).toEqual(model.lanes[lane]);
  }
  const total = LANES.reduce((sum, lane) => sum + model.lanes[lane].length, 0);
  expect(queue.size).toBe(total);
}

function command(
  name: string,
  run: Command['run'],
  check?: Command['check'],
): Command {
  return {
    check: check ?? (() => true),
    run: (model, queue) => {
      run(model, queue);
      checkSizes(model, queue);
    },
    toString: () => name,
  };
}

const push = fc.constantFrom(...LANES).map((lane) =>
  command(`push ${lane}`, (model, queue) => {
    const item = new Item(lane, (serial += 1));
    model.lanes[lane].push(item);
    queue.push(item);
  }),
);

const take = fc.constant(
  command('take', (model, queue) => {
    const expected = queue.peek();
    const item = queue.take();
    expect(item).toBe(expected);
    if (item === undefined) return;
    // Whichever lane it is, its oldest comes.
    expect(item).toBe(model.lanes[item.lane].shift());
    model.taken.push(item);
  }),
);

const unshift = fc.constant(
  command(
    'unshift',
    (model, queue) => {
      const item = model.taken.pop();
      if (item === undefined) return;
      model.lanes[item.lane].unshift(item);
      queue.unshift(item);
    },
    (model) => model.taken.length > 0,
  ),
);

const withdraw = fc.nat().map((nth) =>
  command(`withdraw ${nth}`, (model, queue) => {
    const all = LANES.flatMap((lane) => model.lanes[lane]);
    const item = all[nth % Math.max(all.length, 1)];
    if (item === undefined) return;
    model.lanes[item.lane] = model.lanes[item.lane].filter(
      (one) => one !== item,
    );
    item.waiting = false;
    queue.withdraw(item);
  }),
);

describe('DispatchQueue', () => {
  it('keeps the order of each lane, whatever is put back or withdrawn', () => {
    const commands = fc.commands([push, push, take, unshift, withdraw], {
      maxCommands: 80,
    });
    fc.assert(
      fc.property(commands, (list) => {
        fc.modelRun(
          () => ({
            model: {
              lanes: { urgent: [], normal: [], bulk: [] },
              taken: [],
            },
            real: new DispatchQueue<Item>(),
          }),
          list,
        );
      }),
    );
  });

  it('gives nothing when empty', () => {
    const queue = new DispatchQueue<Item>();

    expect(queue.peek()).toBeUndefined();
    expect(queue.take()).toBeUndefined();
    expect(queue.oldest('bulk')).toBeUndefined();
    expect(queue.size).toBe(0);
  });

  it('gives nothing when all was withdrawn', () => {
    const queue = filled({ normal: 3 });
    for (const item of queue.in('normal')) {
      item.waiting = false;
      queue.withdraw(item);
    }

    expect(queue.size).toBe(0);
    expect(queue.peek()).toBeUndefined();
    expect(queue.take()).toBeUndefined();
  });

  it('lets go of what was withdrawn', () => {
    const queue = new DispatchQueue<Item>();
    const kept = new Item('bulk', -1);
    queue.push(kept);
    const items = Array.from({ length: 5000 }, (_, n) => new Item('bulk', n));
    for (const item of items) queue.push(item);
    for (const item of items) {
      item.waiting = false;
      queue.withdraw(item);
    }
    let looks = 0;
    Object.defineProperty(kept, 'waiting', {
      get: () => {
        looks += 1;
        return true;
      },
    });
    for (const item of items) {
      Object.defineProperty(item, 'waiting', {
        get: () => {
          looks += 1;
          return false;
        },
      });
    }

    expect([...queue.in('bulk')]).toEqual([kept]);
    expect(looks).toBeLessThan(1024);
  });

  it('can be emptied while it is walked through', () => {
    const queue = filled({ normal: 3000 });
    let seen = 0;
    for (const item of queue.in('normal')) {
      seen += 1;
      item.waiting = false;
      queue.withdraw(item);
    }

    expect(seen).toBe(3000);
    expect(queue.size).toBe(0);
  });

  it('takes no longer per entry with a million of them', () => {
    const rounds = 50_000;
    const turns = (size: number): number => {
      const queue = new DispatchQueue<Item>();
      const item = new Item('normal', 0);
      for (let i = 0; i < size; i += 1) queue.push(item);
      const start = performance.now();
      for (let i = 0; i < rounds; i += 1) {
        queue.take();
        queue.push(item);
      }
      return performance.now() - start;
    };
    const best = (size: number): number =>
      Math.min(...Array.from({ length: 3 }, () => turns(size)));
    turns(1000);

    // An array's shift is over a thousand times slower at this size.
    expect(best(1_000_000)).toBeLessThan(20 * Math.max(best(1000), 1));
  });
});
