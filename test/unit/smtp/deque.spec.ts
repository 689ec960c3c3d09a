import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Deque } from '../../../lib/smtp/deque.js';

type Model = number[];

function check(model: Model, deque: Deque<number>): void {
  expect(deque.size).toBe(model.length);
  expect(deque.peek()).toBe(model[0]);
}

class Push implements fc.Command<Model, Deque<number>> {
  constructor(private readonly values: readonly number[]) {}
  check = (): boolean => true;
  run(model: Model, deque: Deque<number>): void {
    for (const value of this.values) {
      model.push(value);
      deque.push(value);
    }
    check(model, deque);
  }
  toString = (): string => `push ${this.values.length}`;
}

class Unshift implements fc.Command<Model, Deque<number>> {
  constructor(private readonly values: readonly number[]) {}
  check = (): boolean => true;
  run(model: Model, deque: Deque<number>): void {
    for (const value of this.values) {
      model.unshift(value);
      deque.unshift(value);
    }
    check(model, deque);
  }
  toString = (): string => `unshift ${this.values.length}`;
}

class Shift implements fc.Command<Model, Deque<number>> {
  constructor(private readonly count: number) {}
  check = (): boolean => true;
  run(model: Model, deque: Deque<number>): void {
    for (let i = 0; i < this.count; i += 1) {
      expect(deque.shift()).toBe(model.shift());
    }
    check(model, deque);
  }
  toString = (): string => `shift ${this.count}`;
}

class Walk implements fc.Command<Model, Deque<number>> {
  check = (): boolean => true;
  run(model: Model, deque: Deque<number>): void {
    expect([...deque]).toEqual(model);
  }
  toString = (): string => 'walk';
}

const values = fc.array(fc.integer(), { minLength: 1, maxLength: 40 });

describe('Deque', () => {
  it('behaves as an array does', () => {
    const commands = fc.commands(
      [
        values.map((some) => new Push(some)),
        values.map((some) => new Unshift(some)),
        fc.integer({ min: 1, max: 60 }).map((count) => new Shift(count)),
        fc.constant(new Walk()),
      ],
      { maxCommands: 60 },
    );
    fc.assert(
      fc.property(commands, (list) => {
        fc.modelRun(() => ({ model: [], real: new Deque<number>() }), list);
      }),
    );
  });

  it('is empty at first', () => {
    const deque = new Deque<string>();

    expect(deque.size).toBe(0);
    expect(deque.peek()).toBeUndefined();
    expect(deque.shift()).toBeUndefined();
    expect([...deque]).toEqual([]);
  });

  it('works on after it was large and has run empty', () => {
    const deque = new Deque<number>();
    for (let round = 0; round < 2; round += 1) {
      for (let i = 0; i < 10_000; i += 1) deque.push(i);
      for (let i = 0; i < 10_000; i += 1) expect(deque.shift()).toBe(i);
    }
    deque.unshift(2);
    deque.unshift(1);
    deque.push(3);

    expect([...deque]).toEqual([1, 2, 3]);
  });

  it('takes no longer per entry with a million of them', () => {
    const rounds = 100_000;
    const turns = (size: number): number => {
      const deque = new Deque<number>();
      for (let i = 0; i < size; i += 1) deque.push(i);
      const start = performance.now();
      for (let i = 0; i < rounds; i += 1) deque.push(deque.shift() ?? 0);
      return performance.now() - start;
    };
    const best = (size: number): number =>
      Math.min(...Array.from({ length: 3 }, () => turns(size)));
    turns(1000);

    // An array's shift is over a thousand times slower at this size.
    expect(best(1_000_000)).toBeLessThan(20 * Math.max(best(1000), 1));
  });
});
