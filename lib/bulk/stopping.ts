import { MailError } from '../errors/mail-error.js';
import type { Settled } from './send-outcome.js';
import type { SendStop } from './send-totals.js';

/** Why a run stops after a message that ended so, if it does. */
export function stopAfter(
  settled: Settled,
  stopOnError: boolean,
): SendStop | undefined {
  if (settled.status === 'accepted') return undefined;
  const { error } = settled;
  const fault = faultIn(error);
  return fault ?? (stopOnError ? { reason: 'failure', error } : undefined);
}

/** Why a run stops at this error, whatever its options say, if it does. */
export function faultIn(error: MailError): SendStop | undefined {
  const { code, scope } = error;
  if (code === 'SHUT_DOWN') return { reason: 'shutdown' };
  const stops = scope === 'account' || scope === 'sender';
  return stops ? { reason: scope, error } : undefined;
}

/**
 * Whether a message that ended so is to be sent when its run is resumed: it
 * was not sent, and not for its own sake. `recalled` is what those ended with
 * that the run has taken back, if it has.
 */
export function isLeft(
  settled: Settled,
  recalled: MailError | undefined,
): boolean {
  if (settled.status === 'accepted' || settled.status === 'unknown') {
    return false;
  }
  const { code, message } = settled.error;
  // What was offered before has a copy of it.
  const isTakenBack = code === recalled?.code && message === recalled.message;
  return isTakenBack || faultIn(settled.error) !== undefined;
}

/**
 * What messages that have not left end with because of `stop`, if they are
 * taken back; `first` is what the run stopped for in the first place.
 */
export function takenBack(
  stop: SendStop,
  first: SendStop,
): MailError | undefined {
  if (stop.reason === 'aborted') return stop.error;
  // Then what was taken goes on to its end.
  if (first.reason === 'break' || first.reason === 'shutdown') return undefined;
  switch (stop.reason) {
    case 'account':
      return takenBackSince('nothing can be sent from the account', stop.error);
    case 'sender':
      return takenBackSince('a sender is refused', stop.error);
    case 'failure':
      return takenBackSince('another of its messages failed', stop.error);
    default:
      return undefined;
  }
}

/** A run's signal has fired, with `cause` as its reason. */
export function aborted(cause: unknown): MailError {
  return new MailError('ABORTED', 'The run was aborted by its signal.', {
    retryable: true,
    cause,
  });
}

function takenBackSince(why: string, cause: MailError): MailError {
  return new MailError(
    'ABORTED',
    `The run that the message belongs to was stopped, since ${why} (see \`cause\`), so the message was not sent. Resume the run after its \`lowWatermark\`.`,
    { retryable: true, cause },
  );
}
