import { describe, expect, it } from 'vitest';

import { ConnectionBudget } from '../../../lib/pool/connection-budget.js';

let hosts = 0;

/** A budget that no other test has touched. */
function fresh(): { readonly host: string; readonly budget: ConnectionBudget } {
  hosts += 1;
  const host = `relay-${hosts}.example`;
  return { host, budget: ConnectionBudget.of(host) };
}

function noRoom(): void {
  throw new Error('nobody waits');
}

/** Takes all there is, from one after the other. */
function takeAll(...budgets: ConnectionBudget[]): void {
  for (let taken = 0; taken < 10_000; taken += 1) {
    expect(budgets[taken % budgets.length]?.take(noRoom)).toBe(true);
  }
}

describe('the connection budget', () => {
  it('is 10,000 to one host over all pools', () => {
    const { host, budget } = fresh();
    takeAll(budget, ConnectionBudget.of(host));

    expect(budget.take(() => undefined)).toBe(false);
    expect(fresh().budget.take(noRoom)).toBe(true);
  });

  it('calls who waits once there is room', () => {
    const { budget } = fresh();
    takeAll(budget);
    let calls = 0;
    const onRoom = (): void => {
      calls += 1;
    };
    expect(budget.take(onRoom)).toBe(false);
    expect(calls).toBe(0);
    budget.release();
    expect(calls).toBe(1);
    budget.release();

    expect(calls).toBe(1);
  });

  it('lets the pools that wait take turns', () => {
    const { budget } = fresh();
    takeAll(budget);
    const got: string[] = [];
    const waiters = ['a', 'b'].map((name) => {
      const onRoom = (): void => {
        if (budget.take(onRoom)) got.push(name);
        // It wants more, of which there is none.
        budget.take(onRoom);
      };
      return onRoom;
    });
    for (const onRoom of waiters) expect(budget.take(onRoom)).toBe(false);
    for (let i = 0; i < 4; i += 1) budget.release();

    expect(got).toContain('a');
    expect(got).toContain('b');
  });

  it('passes room on that the first to wait no longer needs', () => {
    const { budget } = fresh();
    takeAll(budget);
    let taken = false;
    budget.take(() => undefined);
    budget.take(() => {
      taken = budget.take(noRoom);
    });
    budget.release();

    expect(taken).toBe(true);
    expect(budget.take(() => undefined)).toBe(false);
  });

  it('calls a pool once, however often it asked', () => {
    const { budget } = fresh();
    takeAll(budget);
    let calls = 0;
    const onRoom = (): void => {
      calls += 1;
    };
    for (let i = 0; i < 50; i += 1) budget.take(onRoom);
    for (let i = 0; i < 10; i += 1) budget.release();

    expect(calls).toBe(1);
  });
});
