import {
  isMailError,
  type MailError,
  type MailErrorCode,
} from '../errors/mail-error.js';

/** Given up by the caller, purged, or refused as one of too many. */
const UNWANTED: ReadonlySet<MailErrorCode> = new Set([
  'ABORTED',
  'TIMED_OUT',
  'GUARD',
]);

/**
 * Whether a message that was not sent, because of `error`, belongs into the
 * report of a drain: somebody still wants it sent, and it may be another time.
 */
export function isAbandoned(error: unknown): boolean {
  return isMailError(error) && !UNWANTED.has(error.code) && mayPass(error);
}

function mayPass({ code, retryable }: MailError): boolean {
  // Another key, or the same one later, may do.
  return retryable || code === 'ACCOUNT';
}
