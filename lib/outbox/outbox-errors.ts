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

/** The fleet is asked for something, and there is none. */
export function noFleet(method: string): Error {
  return invalidOutboxOptions([
    {
      option: 'fleet',
      problem: `is not set, and \`${method}\` was called: give it to every process of this queue, as \`fleet: { maxConnections }\``,
    },
  ]);
}

/** A fleet's limits would not hold for the pools of tenants. */
export function fleetOfTenants(): Error {
  return invalidOutboxOptions([
    {
      option: 'fleet',
      problem:
        'does not go together with `tenants` of the mail instance: each tenant has a pool of its own, which no fleet limits. Leave one of them out, or send the mail of tenants through another instance and outbox',
    },
  ]);
}

/** Each of two fleets would set the limits of one pool. */
export function fleetTwice(instance: string): Error {
  return invalidOutboxOptions([
    {
      option: 'fleet',
      problem: `is set by another outbox, too, that sends through the mail instance '${instance}', and each would set its limits: give the second one an \`instance\` of its own, or have both queues' mail share one outbox`,
    },
  ]);
}

/** A worker gives a message back that it has not sent, which is no failure. */
export function handedBack(): MailError {
  return new MailError(
    'ABORTED',
    'The outbox took the message back before it left, since this worker stops or may send nothing at present. It stays in the store, and is sent later.',
    { retryable: true },
  );
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
