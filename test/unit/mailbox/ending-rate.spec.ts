import { expect, it } from 'vitest';
import { EndingRate } from '../../../lib/mailbox/pool/ending-rate.js';

const NONE = { accepted: 0, rejected: 0, unknown: 0, notSent: 0 };

function totals(
  submitted: number,
  pending = 0,
): Parameters<EndingRate['next']>[0] {
  return { ...NONE, submitted, pending };
}

it('tells how many messages end per second, of the last ten seconds', () => {
  const rate = new EndingRate();

  expect(rate.next(totals(100), 0)).toBe(0);
  expect(rate.next(totals(120, 10), 1000)).toBe(10);
  expect(rate.next(totals(200), 10_000)).toBe(10);
  expect(rate.next(totals(200), 20_000)).toBe(0);
  expect(rate.next(totals(200), 60_000)).toBe(0);
});

it('begins anew with a pool that does', () => {
  const rate = new EndingRate();
  rate.next(totals(100), 0);

  expect(rate.next(totals(2), 1000)).toBe(0);
});
