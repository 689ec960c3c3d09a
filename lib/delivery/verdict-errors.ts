import { InvalidOptionsError } from '../errors/invalid-options.error.js';
import {
  isMailError,
  MailError,
  type FaultScope,
  type MailErrorCode,
  type MailErrorDetails,
} from '../errors/mail-error.js';
import type { Verdict } from '../pool/job.js';
import type { ConnectionError } from '../smtp/connection-error.js';
import { replyLine, type Reply } from '../smtp/reply.js';
import { classifyReply } from './classify-reply.js';
import { phaseOf } from './reply-phase.js';

/** What is known of the message. */
export type AboutMail = Pick<MailErrorDetails, 'mailId' | 'recipients'>;

type Rejected = Extract<Verdict, { kind: 'rejected' }>;

const CODES: Record<FaultScope, MailErrorCode> = {
  message: 'REJECTED',
  recipient: 'REJECTED',
  sender: 'SENDER',
  account: 'ACCOUNT',
  connection: 'REJECTED',
};

/** The relay refused the message; the reply says for whose sake and how long. */
export function rejection(
  { reply, command }: Pick<Rejected, 'reply' | 'command'>,
  about: AboutMail = {},
): MailError {
  const { fault, retryable, advice } = classifyReply(phaseOf(command), reply);
  const scope = fault.kind;
  return new MailError(
    CODES[scope],
    `SendGrid refused the message (${command}: ${replyLine(reply)}). ${advice}`,
    { scope, retryable, reply, command, ...about },
  );
}

const REFUSED_AFTER = 'it got no reply, and was refused when sent again';

/** Why nobody waits for the reply any more, by the error that says so. */
const GIVEN_UP: Partial<Record<MailErrorCode, string>> = {
  ABORTED: 'it was aborted before the reply came',
  TIMED_OUT: 'its time limit passed before the reply came',
  SHUT_DOWN: 'the mail service was shut down before the reply came',
  EXPIRED: 'it got no reply, and was too old to be sent again',
  RELAY_UNAVAILABLE: 'it got no reply, and could not be sent again',
  REJECTED: REFUSED_AFTER,
  SENDER: REFUSED_AFTER,
  ACCOUNT: REFUSED_AFTER,
};

function reasonOf(cause: ConnectionError | MailError): string {
  const given = isMailError(cause) ? GIVEN_UP[cause.code] : undefined;
  return given ?? cause.message;
}

/** The message went out whole and its reply never came. */
export function outcomeUnknown(
  cause: ConnectionError | MailError,
  about: AboutMail = {},
): MailError {
  return new MailError(
    'OUTCOME_UNKNOWN',
    `The message was sent, but whether SendGrid took it is unknown (${reasonOf(cause)}). Sending it again may deliver it twice.`,
    { scope: 'connection', deliveryState: 'unknown', cause, ...about },
  );
}

/**
 * The same error with what is known of one message, once it was offered to the
 * relay: the original may be that of many.
 */
export function concerning(error: MailError, about: AboutMail): MailError {
  if (about.recipients === undefined) return error;
  const { code, message, scope, retryable, deliveryState } = error;
  const { reply, command } = error;
  return new MailError(code, message, {
    scope,
    retryable,
    deliveryState,
    reply,
    command,
    ...('cause' in error ? { cause: error.cause } : {}),
    ...about,
  });
}

/** A message was too old for another attempt, after the relay refused it for now. */
export function expired(reply: Reply | undefined): MailError {
  const why = reply === undefined ? '' : ` (latest: ${replyLine(reply)})`;
  return new MailError(
    'EXPIRED',
    `The message waited for another attempt until it was too old${why}, so it was not sent. Raise \`retry.maxAgeMs\`, or send it in the lane \`bulk\`, which has more time.`,
    { retryable: true, reply },
  );
}

/** Somebody has purged the queue. */
export function purged(): MailError {
  return new MailError(
    'ABORTED',
    'The message was purged from the queue before it left, so it was not sent.',
    { retryable: true },
  );
}

/** The instance closes while somebody's pause holds the message. */
export function shutDownPaused(): MailError {
  return new MailError(
    'SHUT_DOWN',
    'Sending was paused when the mail service shut down, so nothing was sent. Keep the message (see `abandoned` in the report of `shutdown.onReport`), or call `resume()` before the application closes.',
    { scope: 'connection', retryable: true },
  );
}

/** The instance is closed, or its time to close is over. */
export function shutDown(): MailError {
  return new MailError(
    'SHUT_DOWN',
    'The mail service is shut down, so nothing was sent. Send before the application closes, or raise `shutdown.timeoutMs`.',
    { scope: 'connection', retryable: true },
  );
}

/** The instance has tenants, and no key to send by itself. */
export function noOwnKey(): InvalidOptionsError {
  return new InvalidOptionsError([
    {
      option: 'apiKey',
      problem:
        'is left out, so that this instance sends for its tenants only: send with `forTenant(id)`, or give it a key',
    },
  ]);
}
