/** What a sink has taken since it was last asked. */
export interface Counts {
  messages: number;

  /** Bytes of those messages as sent, without the final dot. */
  bytes: number;

  mailCommands: number;
  connections: number;
}

/** Counts of nothing. */
export function noCounts(): Counts {
  return { messages: 0, bytes: 0, mailCommands: 0, connections: 0 };
}
