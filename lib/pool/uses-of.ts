import type { SmtpConnection } from '../smtp/smtp-connection.js';
import type { ConnectionUse } from './connection-use.js';
import type { Rotation } from './rotation.js';

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
