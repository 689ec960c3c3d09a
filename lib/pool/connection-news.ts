import type { ConnectionRotatedEvent } from '../events/connection-events.js';
import type { Telling } from '../events/telling.js';
import type { ConnectionError } from '../smtp/connection-error.js';
import type { PipeliningChange } from '../smtp/pipelining-policy.js';
import type { SmtpConnection } from '../smtp/smtp-connection.js';

/** Why a connection is given nothing more. */
export type RotatedReason = ConnectionRotatedEvent['reason'];

/** A connection is set up; `open` counts those under way, too. */
export function tellOpened(
  { events }: Telling,
  { createdAt, readyAt }: SmtpConnection,
  open: number,
): void {
  if (!events.listening) return;
  const setUpMs = readyAt - createdAt;
  events.emit({ type: 'connection-opened', setUpMs, open });
}

/** This side ends a connection. */
export function tellRotated(
  { events }: Telling,
  { assigned: messages }: SmtpConnection,
  reason: RotatedReason,
): void {
  if (!events.listening) return;
  events.emit({ type: 'connection-rotated', messages, reason });
}

/** A connection ended by itself, or came to nothing. */
export function tellLost(
  { events }: Telling,
  { assigned: messages }: SmtpConnection,
  { stage, message: reason, reply }: ConnectionError,
  unanswered: boolean,
): void {
  if (!events.listening) return;
  events.emit({
    type: 'connection-lost',
    stage,
    reason,
    reply,
    messages,
    unanswered,
  });
}

/** It was found out how the relay takes commands that are grouped. */
export function tellPipelining(
  { events }: Telling,
  change: PipeliningChange,
): void {
  if (!events.listening) return;
  events.emit({ type: 'pipelining-changed', ...change });
}
