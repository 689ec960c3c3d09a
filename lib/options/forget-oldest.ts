/** Keeps the newest `max` entries of a map, by when each was entered. */
export function forgetOldest<Key>(
  entries: Map<Key, unknown>,
  max: number,
): void {
  for (const key of entries.keys()) {
    if (entries.size <= max) return;
    entries.delete(key);
  }
}
