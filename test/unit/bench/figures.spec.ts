import { describe, expect, it } from 'vitest';
import {
  quantile,
  ratios,
  shown,
  shownSpread,
  spread,
} from '../../../bench/figures.js';

describe('the figures of the bench', () => {
  it('gives median, smallest and largest of unsorted values', () => {
    expect(spread([10, 9, 100])).toEqual({ median: 10, min: 9, max: 100 });
    expect(spread([4, 1, 3, 2]).median).toBe(2.5);
  });

  it('interpolates quantiles', () => {
    const values = Array.from({ length: 101 }, (_, n) => 100 - n);

    expect(quantile(values, 0.99)).toBeCloseTo(99);
    expect(quantile([1, 2], 0.25)).toBeCloseTo(1.25);
  });

  it('takes ratios within each round, not of the medians', () => {
    expect(ratios([10, 40, 30], [1, 2, 10])).toEqual({
      median: 10,
      min: 3,
      max: 20,
    });
  });

  it('refuses to make a figure of nothing', () => {
    expect(() => spread([])).toThrow('No values');
  });

  it('shows about three digits', () => {
    expect([0.1234, 12.34, 1234.5].map(shown)).toEqual([
      '0.12',
      '12.3',
      '1,235',
    ]);
    expect(shownSpread({ median: 2, min: 1, max: 3 })).toBe(
      '2.00 (1.00 to 3.00)',
    );
  });
});
