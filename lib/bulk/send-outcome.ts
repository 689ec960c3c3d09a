import type { SendReceipt } from '../delivery/receipt.js';
import { failureStatus } from '../delivery/ending-of.js';
import type { MailError } from '../errors/mail-error.js';
import { asInvalidMessage } from '../message/invalid-message.js';

/** How one message of a run ended. */
export type SendOutcome =
  | {
      /** Which message of the source, from 0. */
      readonly index: number;

      /** The relay took it for at least one recipient. */
      readonly status: 'accepted';

      /** What `send` would have resolved with. */
      readonly receipt: SendReceipt;
    }
  | {
      /** Which message of the source, from 0. */
      readonly index: number;

      /**
       * The relay refused it (`rejected`), it went out whole and no reply came
       * (`unknown`), or it never left (`not-sent`).
       */
      readonly status: 'rejected' | 'unknown' | 'not-sent';

      /** What `send` would have rejected with. */
      readonly error: MailError;
    };

type WithoutIndex<Outcome> = Outcome extends unknown
  ? Omit<Outcome, 'index'>
  : never;

/** How a message ended, whichever it was. */
export type Settled = WithoutIndex<SendOutcome>;

/** How a message ended that `send` resolved for. */
export function accepted(receipt: SendReceipt): Settled {
  return { status: 'accepted', receipt };
}

/** How a message ended that `send` rejected for. */
export function failed(thrown: unknown): Settled & { error: MailError } {
  const error = asInvalidMessage(thrown);
  return { status: failureStatus(error), error };
}
