import { MailError } from '../errors/mail-error.js';
import { ConnectionError } from './connection-error.js';
import type { Exchange } from './exchange.js';
import { isNegative, isPositive, type Reply } from './reply.js';
import type { TransactionOutcome } from './transaction.js';

/** A session that went wrong after it was set up. */
export function sessionError(message: string, reply?: Reply): ConnectionError {
  return new ConnectionError('session', message, reply && { reply });
}

/** The relay's replies do not fit what it was asked. */
export function desynced(message: string, reply: Reply): ConnectionError {
  return new ConnectionError('session', message, { reply, nature: 'desync' });
}

/** This side ends the session, since a body will not follow. */
export function givenUp(reason: string): ConnectionError {
  return new ConnectionError('session', reason, { nature: 'deliberate' });
}

/** The dot was not written: the message is free to go elsewhere. */
export function unsent(
  exchange: Exchange,
  fault: ConnectionError,
): TransactionOutcome {
  return { kind: 'unsent', fault, bodyOpened: exchange.bodyOpened };
}

/** The server refused, by `reply` to `command`. */
export function rejected(
  exchange: Exchange,
  reply: Reply,
  command: string,
): TransactionOutcome {
  const { recipients } = exchange;
  return { kind: 'rejected', reply, command, recipients };
}

/** What the reply to the dot says, if it says anything. */
export function answered(
  exchange: Exchange,
  reply: Reply,
): TransactionOutcome | undefined {
  if (isNegative(reply)) return rejected(exchange, reply, 'DATA');
  const { recipients } = exchange;
  return isPositive(reply)
    ? { kind: 'accepted', reply, recipients }
    : undefined;
}

/**
 * Nothing more comes from the server: what is known of the exchange on a
 * channel that has flushed `flushes` times.
 */
export function lost(
  exchange: Exchange,
  fault: ConnectionError,
  flushes: number,
): TransactionOutcome {
  const { stage, refusal, dotAfter } = exchange;
  if (stage === 'dot' && flushes > dotAfter) {
    return { kind: 'unknown', fault, recipients: exchange.recipients };
  }
  if (refusal === undefined) return unsent(exchange, fault);
  return rejected(exchange, refusal.reply, refusal.command);
}

/** `beforeBody` rejected. */
export function heldBack(cause: unknown): MailError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new MailError(
    'ABORTED',
    `The message was held back before its body was sent (${reason}).`,
    { cause, retryable: true },
  );
}
