import type { MailMessage } from '../message/mail-message.js';
import type { SendOutcome, Settled } from './send-outcome.js';
import type { Unit } from './unit.js';

/** A message of `sendMany`: one index, one outcome. */
export class Single implements Unit<SendOutcome> {
  readonly message: MailMessage;
  readonly count = 1;

  constructor(message: MailMessage) {
    this.message = message;
  }

  outcomes(index: number, settled: Settled): SendOutcome[] {
    return [{ index, ...settled }];
  }
}
