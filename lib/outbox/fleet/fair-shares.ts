/**
 * Divides whole units among those who want some: none gets more than it
 * wants, and none less than another that gets more, but for what does not
 * divide, which goes to those who want the most.
 */
export function fairShares(
  wants: readonly number[],
  units: number,
): readonly number[] {
  const shares = wants.map(() => 0);
  const modestFirst = [...wants.entries()].toSorted(([, a], [, b]) => a - b);
  let left = Math.max(0, units);
  let hungry = wants.length;
  for (const [index, want] of modestFirst) {
    const share = Math.min(want, Math.floor(left / hungry));
    shares[index] = share;
    left -= share;
    hungry -= 1;
  }
  return shares;
}
