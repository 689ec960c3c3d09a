import { STATUS_CODES } from 'node:http';
import type { MailError, MailErrorCode } from './errors/mail-error.js';
import { redactSecrets } from './options/redact.js';

/** What an application's caller is told of a failed send. */
export interface MailProblem {
  /** HTTP status code. */
  readonly statusCode: number;

  /** The status code's name. */
  readonly error: string;

  /** What went wrong; account and sender faults look like an unreachable relay. */
  readonly code: MailErrorCode;

  /** What went wrong, in words that are safe to show. */
  readonly message: string;
}

const MESSAGES: Partial<Record<MailErrorCode, string>> = {
  TEMPLATE: 'The mail could not be written.',
  GUARD: 'Too much mail is being sent. Try again later.',
  QUEUE_FULL: 'Too much mail is waiting. Try again later.',
  RELAY_UNAVAILABLE: 'Mail cannot be sent at the moment. Try again later.',
  SHUT_DOWN: 'The service is shutting down. Try again later.',
  ABORTED: 'Sending was given up.',
  TIMED_OUT: 'The mail could not be sent in time.',
  EXPIRED: 'The mail could not be sent in time.',
  OUTCOME_UNKNOWN: 'The mail may or may not have been sent.',
  REJECTED: 'The mail was refused by the mail server.',
  SUPPRESSED: 'The recipient gets no mail any more.',
  STORE_UNAVAILABLE: 'Mail cannot be taken at the moment. Try again later.',
};

const STATUSES: Partial<Record<MailErrorCode, number>> = {
  INVALID_MESSAGE: 400,
  TEMPLATE: 500,
  REJECTED: 422,
  SUPPRESSED: 422,
  TIMED_OUT: 504,
  EXPIRED: 504,
  OUTCOME_UNKNOWN: 504,
};

/** Codes that stand for what the caller cannot help, if they are retryable. */
const PASSING = new Set<MailErrorCode>([
  'REJECTED',
  'INVALID_MESSAGE',
  'TEMPLATE',
]);

/**
 * Puts a mail error into words for an application's caller.
 *
 * A final refusal of the recipient or the message is 422, since it is the
 * caller's data; a temporary one, and every fault of the account or the
 * sender, is the same 503 as an unreachable relay.
 */
export function problemOf(error: MailError): MailProblem {
  const code = shownCode(error);
  const statusCode = STATUSES[code] ?? 503;
  return {
    statusCode,
    error: STATUS_CODES[statusCode] ?? 'Error',
    code,
    message: MESSAGES[code] ?? redactSecrets(error.message),
  };
}

function shownCode({ code, scope, retryable }: MailError): MailErrorCode {
  if (scope === 'account' || scope === 'sender') return 'RELAY_UNAVAILABLE';
  const isPassing = retryable && PASSING.has(code);
  return isPassing ? 'RELAY_UNAVAILABLE' : code;
}
