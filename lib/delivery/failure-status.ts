import type { MailError } from '../errors/mail-error.js';

/** How a message ended that failed with `error`. */
export function failureStatus(
  error: MailError,
): 'rejected' | 'unknown' | 'not-sent' {
  if (error.deliveryState === 'unknown') return 'unknown';
  return wasAnswered(error) ? 'rejected' : 'not-sent';
}

/** Whether a relay has answered the message, rather than only its key. */
function wasAnswered({ code, command }: MailError): boolean {
  return code === 'REJECTED' || (command !== undefined && command !== 'AUTH');
}
