import { describe, expect, it } from 'vitest';

import {
  ConnectionBudget,
  type BudgetHolder,
} from '../../../lib/pool/connection-budget.js';

let hosts = 0;

/** A budget that no other test has touched. */
function fresh(max: number): ConnectionBudget {
  hosts += 1;
  return ConnectionBudget.renew(`relay-${hosts}.example`, max);
}

/** A pool that takes what it is told to, and gives up what it is asked to. */
class Pool implements BudgetHolder {
  readonly #budget: ConnectionBudget;
  held = 0;
  calls = 0;
  asked = 0;
  /** How many it wants to have. */
  wanted = 0;
  busy = false;

  constructor(budget: ConnectionBudget) {
    this.#budget = budget;
  }

  /** Takes up to so many; whether it has got them. */
  want(wanted: number): boolean {
    this.wanted = wanted;
    while (this.held < this.wanted && this.#budget.take(this)) this.held += 1;
    return this.held === this.wanted;
  }

  release(): void {
    this.held -= 1;
    this.#budget.release(this);
  }

  roomLeft(): void {
    this.calls += 1;
    this.want(this.wanted);
  }

  giveUpOne(): void {
    this.asked += 1;
    if (!this.busy) this.release();
  }
}

/** So many pools of one budget. */
function pools(count: number, max: number): Pool[] {
  const budget = fresh(max);
  return Array.from({ length: count }, () => new Pool(budget));
}

const held = (all: readonly Pool[]): number[] => all.map((pool) => pool.held);

describe('the connection budget', () => {
  it('is 10,000 to one host over all pools', () => {
    const [host, other] = ['one.relay.example', 'other.relay.example'];
    const first = new Pool(ConnectionBudget.of(host));
    const second = new Pool(ConnectionBudget.of(host));
    expect(first.want(5000)).toBe(true);
    expect(second.want(5000)).toBe(true);

    expect(second.want(5001)).toBe(false);
    expect(new Pool(ConnectionBudget.of(other)).want(1)).toBe(true);
  });

  it('tells who waits once there is room, and once only', () => {
    const [rich, other] = pools(2, 4) as [Pool, Pool];
    rich.want(3);
    other.want(1);
    other.want(2);
    other.want(3);
    expect(other.calls).toBe(0);
    other.wanted = 2;
    rich.release();
    rich.release();

    expect(other.calls).toBe(1);
    expect(other.held).toBe(2);
  });

  it('lets the pools that wait take turns', () => {
    const all = pools(3, 6) as [Pool, Pool, Pool];
    for (const pool of all) pool.want(2);
    const [rich, ...others] = all;
    rich.wanted = 1;
    for (const pool of others) pool.want(9);
    rich.release();
    others[0].release();

    expect(held(all)).toEqual([1, 2, 3]);
  });

  it('passes room on that the first to wait no longer needs', () => {
    const [rich, first, second] = pools(3, 4) as [Pool, Pool, Pool];
    rich.want(2);
    first.want(1);
    second.want(1);
    first.want(2);
    second.want(2);
    first.wanted = 1;
    rich.release();

    expect(held([rich, first, second])).toEqual([1, 1, 2]);
  });

  it('has the pool with the most give one up for a pool that has none', () => {
    const [rich, poor, late] = pools(3, 10) as [Pool, Pool, Pool];
    poor.want(3);
    rich.want(7);
    rich.wanted = 6;

    expect(late.want(1)).toBe(true);
    expect([rich.asked, poor.asked]).toEqual([1, 0]);
  });

  it('asks for no more than there are pools without one', () => {
    const [rich, first, second] = pools(3, 4) as [Pool, Pool, Pool];
    rich.busy = true;
    rich.want(4);
    for (let n = 0; n < 5; n += 1) first.want(2);
    second.want(1);
    expect(rich.asked).toBe(2);
    rich.wanted = 0;
    rich.release();
    rich.release();

    expect(held([rich, first, second])).toEqual([2, 1, 1]);
    expect(rich.asked).toBe(2);
  });

  it('serves a pool that has none before one that waited for longer', () => {
    const [rich, greedy, late] = pools(3, 4) as [Pool, Pool, Pool];
    rich.busy = true;
    rich.want(3);
    greedy.want(2);
    late.want(1);
    rich.wanted = 0;
    rich.release();

    expect(held([rich, greedy, late])).toEqual([2, 1, 1]);
    rich.release();
    expect(held([rich, greedy, late])).toEqual([1, 2, 1]);
  });

  it('has the only connection of a pool given up too, in turns', () => {
    const [first, second] = pools(2, 1) as [Pool, Pool];
    first.busy = true;
    second.busy = true;
    first.want(1);
    second.want(1);
    expect([first.asked, second.asked]).toEqual([1, 0]);
    first.release();
    first.want(1);

    expect(held([first, second])).toEqual([0, 1]);
    expect([first.asked, second.asked]).toEqual([1, 1]);
    second.release();
    expect(held([first, second])).toEqual([1, 0]);
  });

  it('forgets a pool that takes no more', () => {
    const budget = fresh(1);
    const [first, second] = [new Pool(budget), new Pool(budget)];
    first.busy = true;
    first.want(1);
    second.want(1);
    budget.leave(second);
    first.release();

    expect(second.calls).toBe(0);
    expect(first.want(1)).toBe(true);
  });
});
