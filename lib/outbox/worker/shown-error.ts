import type { MailError } from '../../errors/mail-error.js';
import { redactAddresses, redactSecrets } from '../../options/redact.js';
import type { FailureReason } from '../store/failure-text.js';

const LONGEST = 500;

/** An error as the store keeps it, where bodies may be encrypted: no address is in it. */
export function shownError({ code, message }: MailError): FailureReason {
  const shown = redactAddresses(redactSecrets(message));
  return { code, message: shown.slice(0, LONGEST) };
}
