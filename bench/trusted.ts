/**
 * Takes a value from beyond the type system (another process of the bench, a
 * package that is not among the dependencies) for what its maker says it is.
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller names what it expects
export function trusted<T>(value: unknown): T {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- there is nothing to check against
  return value as T;
}

/** The names in a record that has no others. */
export function namesOf<K extends string>(
  record: Readonly<Record<K, unknown>>,
): K[] {
  return trusted<K[]>(Object.keys(record));
}
