import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { fairShares } from '../../../../lib/outbox/fleet/fair-shares.js';

describe('fair shares', () => {
  it.each([
    [[], 10, []],
    [[5, 5], 0, [0, 0]],
    [[5, 5], -3, [0, 0]],
    [[2, 50, 50], 20, [2, 9, 9]],
    [[50, 50, 50], 20, [6, 7, 7]],
    [[1, 2, 3], 20, [1, 2, 3]],
    [[9, 0, 9], 3, [1, 0, 2]],
  ])('of %j over %i are %j', (wants, units, shares) => {
    expect(fairShares(wants, units)).toEqual(shares);
  });

  it('hand out all that is wanted and there, and treat nobody worse', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(100), { minLength: 1, maxLength: 20 }),
        fc.nat(500),
        (wants, units) => {
          const shares = fairShares(wants, units);

          expect(sum(shares)).toBe(Math.min(units, sum(wants)));
          const unmet = shares.filter((share, n) => share < (wants[n] ?? 0));
          expect(shares.every((share, n) => share <= (wants[n] ?? 0))).toBe(
            true,
          );
          // Whoever wants more has as much as anybody, but for one.
          const most = Math.max(...shares);
          expect(unmet.every((share) => share >= most - 1)).toBe(true);
        },
      ),
    );
  });
});

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
