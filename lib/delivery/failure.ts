import type { MailError } from '../errors/mail-error.js';
import type { OutgoingMail } from './carrier.js';
import { ENDINGS, type Ending } from './ledger.js';
import type { Recipients } from './recipients.js';
import { outcomeUnknown, type AboutMail } from './verdict-errors.js';

/** How a message ends that was accepted for nobody. */
export type Unaccepted = 'rejected' | 'unknown' | 'not-sent';

/** Makes the error of such an end. */
export type Failure = (about: AboutMail) => MailError;

/** What such a message ends in: unknown where an attempt may have been accepted. */
export function failureOf(
  state: Unaccepted,
  fail: Failure,
  { mailId }: OutgoingMail,
  { outcomes, doubtful }: Recipients,
  attempts: number,
): { readonly ending: Ending; readonly error: MailError } {
  const about = { mailId, recipients: attempts > 0 ? outcomes : undefined };
  const error = fail(about);
  const known = !doubtful || error.deliveryState === 'unknown';
  return {
    ending: doubtful ? 'unknown' : ENDINGS[state],
    error: known ? error : outcomeUnknown(error, about),
  };
}
