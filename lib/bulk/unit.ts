import type { MailError } from '../errors/mail-error.js';
import type { MailMessage } from '../message/mail-message.js';
import type { Settled } from './send-outcome.js';

/** What a run sends as one message, and what it tells of it. */
export interface Unit<Outcome> {
  readonly message: MailMessage;

  /** Why nothing of it is to be sent, if so; it settles with this then. */
  readonly refusal?: MailError | undefined;

  /** How many outcomes it has: so many indexes it takes. */
  readonly count: number;

  /** Its outcomes, their indexes counted from `index` on. */
  outcomes(index: number, settled: Settled): Iterable<Outcome>;
}
