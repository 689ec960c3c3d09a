import type { SmtpConnection } from '../smtp/smtp-connection.js';
import type { Rotation } from './rotation.js';

/** What one connection does, and how much of it is used up. */
export interface ConnectionUse {
  readonly state: 'connecting' | 'busy' | 'idle' | 'leaving';

  /** Messages that it was given, whatever became of them. */
  readonly messages: number;

  /** How many it may be given before another takes its place. */
  readonly cap: number;

  /** For how long it has been there, in milliseconds. */
  readonly ageMs: number;
}

/** What each of these connections does. */
export function usesOf(
  connections: ReadonlyMap<SmtpConnection, Rotation>,
  now = performance.now(),
): ConnectionUse[] {
  return Array.from(connections, ([connection, { cap }]) => ({
    state: stateOf(connection),
    messages: connection.assigned,
    cap,
    ageMs: now - connection.createdAt,
  }));
}

function stateOf({ state, busy }: SmtpConnection): ConnectionUse['state'] {
  if (state === 'connecting') return 'connecting';
  if (state !== 'open') return 'leaving';
  return busy ? 'busy' : 'idle';
}
