import { isMailError, MailError } from '../errors/mail-error.js';
import { invalidOutboxOptions } from './options/resolve-outbox-options.js';

/** A process that only sends was asked to enqueue. */
export function onlyWorker(): Error {
  return invalidOutboxOptions([
    {
      option: 'role',
      problem:
        "is 'worker', and `enqueue` was called: choose 'both' or 'producer'",
    },
  ]);
}

/** Neither of the two things that can become of an uncertain message. */
export function noDecision(): MailError {
  return new MailError(
    'INVALID_MESSAGE',
    "An uncertain message can be resolved as 'sent' or 'resend'.",
  );
}

/** The error that ended a call, with how many messages it had enqueued. */
export function afterSome(error: unknown, enqueued: number): unknown {
  if (enqueued === 0 || !isMailError(error)) return error;
  const { code, message, scope, retryable, deliveryState } = error;
  return new MailError(
    code,
    `${message} ${enqueued} messages before it were enqueued.`,
    { scope, retryable, deliveryState, cause: error },
  );
}
