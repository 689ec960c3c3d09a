/** How many connections there are, by what they do. */
export interface ConnectionCounts {
  readonly open: number;
  readonly connecting: number;
  readonly busy: number;
  readonly idle: number;
}

/** How many of these have a message on the wire. */
export function countBusy(
  connections: Iterable<{ readonly busy: boolean }>,
): number {
  let busy = 0;
  for (const connection of connections) if (connection.busy) busy += 1;
  return busy;
}
