import { editDistance } from './edit-distance.js';

/** The one of `names` that somebody who wrote `name` may have meant. */
export function nearestName(
  name: string,
  names: readonly string[],
): string | undefined {
  if (name.length > 40) return undefined;
  const letters = lettersOf(name).length;
  const reach = Math.min(3, Math.max(1, Math.floor(letters / 3)));
  return names
    .map((one) => ({ one, far: editDistance(lettersOf(name), lettersOf(one)) }))
    .filter(({ far }) => far <= reach)
    .toSorted((a, b) => a.far - b.far)[0]?.one;
}

/** A name as it compares to others: without regard to case, `-` and `_`. */
export function lettersOf(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, '');
}
