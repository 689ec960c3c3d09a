/** What several rounds of one measurement gave. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Median, smallest and largest of at least one value. */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  return {
    median: quantile(sorted, 0.5),
    min: quantile(sorted, 0),
    max: quantile(sorted, 1),
  };
}

/** The value below which the given share of `values` lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)];
  const high = sorted[Math.ceil(at)];
  if (low === undefined || high === undefined) throw new Error('No values');
  return low + (high - low) * (at - Math.floor(at));
}

/** Each value of `over` by the one of `under` in the same round. */
export function ratios(
  over: readonly number[],
  under: readonly number[],
): Spread {
  return spread(over.map((value, round) => value / (under[round] ?? NaN)));
}

/** A number with about three digits, as people write it. */
export function shown(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en-US');
  return value.toFixed(value >= 10 ? 1 : 2);
}

/** A spread in a table: `12.1 (11.8 to 13.0)`. */
export function shownSpread({ median, min, max }: Spread): string {
  return `${shown(median)} (${shown(min)} to ${shown(max)})`;
}
