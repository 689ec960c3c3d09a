import type { MailError } from '../errors/mail-error.js';
import type { Ending } from './ledger.js';

/** How a message ended that failed with `error`. */
export function endingOf(error: MailError): Exclude<Ending, 'accepted'> {
  if (error.deliveryState === 'unknown') return 'unknown';
  return isRefusal(error) ? 'rejected' : 'notSent';
}

const STATUSES = {
  rejected: 'rejected',
  unknown: 'unknown',
  notSent: 'not-sent',
} as const;

/** The same, as outcomes call it. */
export function failureStatus(
  error: MailError,
): 'rejected' | 'unknown' | 'not-sent' {
  return STATUSES[endingOf(error)];
}

/** Whether a relay has answered the message, rather than only its key. */
function isRefusal({ code, command }: MailError): boolean {
  return code === 'REJECTED' || (command !== undefined && command !== 'AUTH');
}
