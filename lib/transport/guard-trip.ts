import { MailError } from '../errors/mail-error.js';
import type { ResolvedGuard } from '../options/resolved-options.js';

/** More messages than a guard takes for usual. */
export type GuardTrip =
  | { readonly guard: 'total'; readonly limit: ResolvedGuard }
  | {
      readonly guard: 'perRecipient';
      readonly limit: ResolvedGuard;
      readonly recipient: string;
    };

/** One log line's worth of a trip; of the recipient the domain only. */
export function describeTrip(trip: GuardTrip): string {
  const fate =
    trip.limit.onExceeded === 'reject'
      ? 'Further ones are refused with GUARD until earlier ones are old enough.'
      : 'Further ones are sent all the same.';
  return `${exceeded(trip)} ${fate} A loop is the usual cause. This is not logged again until it has ceased for as long.`;
}

/** The refusal of a message that is too many. */
export function guardRefusal(trip: GuardTrip): MailError {
  const scope = trip.guard === 'total' ? 'message' : 'recipient';
  return new MailError(
    'GUARD',
    `${exceeded(trip)} This one was not sent. Look for a loop that sends ` +
      'again and again; when so much mail is meant, raise the guard.',
    { scope, retryable: true },
  );
}

function exceeded(trip: GuardTrip): string {
  const { messages, perMs } = trip.limit;
  const whose =
    trip.guard === 'total'
      ? ''
      : ` to one recipient at ${trip.recipient.slice(trip.recipient.lastIndexOf('@') + 1)}`;
  return `The guard \`guards.${trip.guard}\` takes ${messages} messages in ${perMs} ms${whose} for usual, and there were more.`;
}
