import { isMailError } from '../../errors/mail-error.js';
import { redactSecrets } from '../../options/redact.js';
import type { Ending } from '../../transport/capture-store.js';
import type { MailboxOutcome } from './mailbox-message.js';

/** How the sending of a message ended, as it is shown. */
export function outcomeOf({ receipt, error }: Ending): MailboxOutcome {
  if (receipt !== undefined) {
    const { response, sendGridId, attempts, rejected } = receipt;
    return { response, sendGridId, attempts, rejected };
  }
  if (isMailError(error)) {
    const { code, message, response } = error;
    return { code, reason: redactSecrets(message), response };
  }
  return { reason: 'It failed for a reason that is no MailError.' };
}
