import { describe, expect, it } from 'vitest';

import {
  entitlement,
  type Claim,
} from '../../../../lib/outbox/fleet/entitlement.js';

/** Claims of `a`, `b` and so on, as what each has and wants. */
function claims(...all: [has: number, wants: number][]): Claim[] {
  return all.map(([has, wants], n) => ({
    id: String.fromCodePoint(97 + n),
    has,
    wants,
    live: true,
  }));
}

const ALL = { limit: 12, spare: Infinity, uses: 0 };

describe('what a worker may have', () => {
  it('is everything when it is alone', () => {
    expect(entitlement('a', claims([0, 50]), ALL)).toEqual({
      share: 12,
      settled: true,
    });
  });

  it('is nothing more while nobody has given anything up', () => {
    const all = claims([12, 50], [0, 50]);

    expect(entitlement('b', all, ALL)).toEqual({ share: 0, settled: false });
  });

  it('is less as soon as somebody else lacks what is due to them', () => {
    const all = claims([12, 50], [0, 50]);

    expect(entitlement('a', all, ALL)).toEqual({ share: 6, settled: true });
  });

  it('is what others have given up', () => {
    const all = claims([9, 50], [0, 50]);

    expect(entitlement('b', all, ALL)).toEqual({ share: 3, settled: false });
  });

  it('stays more than is due while nobody lacks anything and it is in use', () => {
    const all = claims([10, 0], [2, 1]);
    const inUse = { ...ALL, uses: 9 };

    expect(entitlement('a', all, inUse)).toEqual({ share: 9, settled: true });
    expect(entitlement('a', all, ALL)).toEqual({ share: 5, settled: true });
  });

  it('holds in advance, evenly, what nobody wants', () => {
    expect(entitlement('a', claims([0, 0], [0, 0]), ALL).share).toBe(6);
    expect(entitlement('a', claims([0, 2], [0, 4]), ALL).share).toBe(5);
  });

  it('holds no more in advance than is spared for it', () => {
    const sparing = { ...ALL, spare: 1 };

    expect(entitlement('a', claims([0, 0], [0, 0]), sparing).share).toBe(1);
  });

  it('holds nothing in advance while somebody lacks what they want', () => {
    const all = claims([0, 0], [10, 2], [0, 6]);

    expect(entitlement('a', all, ALL).share).toBe(0);
    expect(entitlement('c', all, ALL).share).toBe(2);
  });

  it('leaves alone what those have who are gone', () => {
    const all = [
      ...claims([0, 50]),
      { id: 'b', has: 5, wants: 50, live: false },
    ];

    expect(entitlement('a', all, ALL)).toEqual({ share: 7, settled: true });
  });

  it('shrinks when the limit was lowered below what is held', () => {
    const all = claims([6, 50], [6, 50]);
    const lower = { ...ALL, limit: 4 };

    expect(entitlement('a', all, lower).share).toBe(2);
    expect(entitlement('b', all, lower).share).toBe(2);
  });
});
