import { isMailError, MailError } from '../../errors/mail-error.js';
import { redactAddresses, redactSecrets } from '../../options/redact.js';

/** Whether a command may have been carried out although its answer never came. */
export type Reach = 'not-reached' | 'maybe-done';

/** The store could not be asked, or did not answer in time. */
export function storeUnavailable(cause: unknown, reach: Reach): MailError {
  const why = reasonOf(cause);
  const what =
    reach === 'not-reached'
      ? 'Nothing was enqueued or changed.'
      : 'What was asked of it may have been done all the same: with the same `id`, asking again is safe.';
  return new MailError(
    'STORE_UNAVAILABLE',
    `The store of the outbox did not answer${why === '' ? '' : ` (${why})`}. ${what} Check that Redis or PostgreSQL runs and can be reached.`,
    {
      scope: 'connection',
      retryable: true,
      deliveryState: reach === 'not-reached' ? 'not-sent' : 'unknown',
      cause,
    },
  );
}

/** What is said before anything is sent: by the system, ioredis and pg. */
const BEFORE_SENDING =
  /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|Stream isn't writeable|timeout exceeded when trying to connect/;

/** Wraps whatever an engine threw; errors of ours stay what they are. */
export function asStoreError(error: unknown, reach: Reach): MailError {
  if (isMailError(error)) return error;
  const isUnsent = BEFORE_SENDING.test(reasonOf(error));
  return storeUnavailable(error, isUnsent ? 'not-reached' : reach);
}

/** What a store's error says, without secrets and addresses. */
export function reasonOf(cause: unknown): string {
  if (typeof cause === 'string') return cause;
  const text = cause instanceof Error ? cause.message : '';
  // Node.js leaves the message of several refused addresses empty.
  const code: unknown = Reflect.get(Object(cause), 'code');
  const shown = text === '' && typeof code === 'string' ? code : text;
  return redactAddresses(redactSecrets(shown)).slice(0, 200);
}
