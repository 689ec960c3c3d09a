/** The fields that are there; `undefined` when none is. */
export function present(
  fields: Readonly<Record<string, unknown>>,
): Record<string, unknown> | undefined {
  const there = Object.entries(fields).filter(
    ([, value]) => value !== undefined,
  );
  return there.length === 0 ? undefined : Object.fromEntries(there);
}
