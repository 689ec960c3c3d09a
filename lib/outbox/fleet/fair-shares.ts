/**
 * Divides whole units among those who want some: none gets more than it
 * wants, and none less than another that gets more, but for what does not
 * divide, which goes to the first.
 */
export function fairShares(
  wants: readonly number[],
  units: number,
): readonly number[] {
  const shares = wants.map(() => 0);
  const order = [...wants.keys()].toSorted(
    (a, b) => at(wants, a) - at(wants, b),
  );
  let left = Math.max(0, units);
  let hungry = order.length;
  for (const index of order) {
    const share = Math.min(at(wants, index), Math.floor(left / hungry));
    shares[index] = share;
    left -= share;
    hungry -= 1;
  }
  return handOut(shares, wants, left);
}

/** Gives what is left, less than one for each, to the first that want more. */
function handOut(
  shares: readonly number[],
  wants: readonly number[],
  units: number,
): readonly number[] {
  let left = units;
  return shares.map((share, index) => {
    if (left === 0 || share >= at(wants, index)) return share;
    left -= 1;
    return share + 1;
  });
}

function at(values: readonly number[], index: number): number {
  return values[index] ?? 0;
}
