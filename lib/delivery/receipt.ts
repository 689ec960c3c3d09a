import type { MailError } from '../errors/mail-error.js';
import type { RecipientOutcome } from '../errors/recipient-outcome.js';

/** How long the parts of a send took, in milliseconds. */
export type SendTimings = {
  /** From `send` until the message was handed to a connection. */
  readonly queuedMs: number;

  /** From `send` until the relay's final reply. */
  readonly totalMs: number;
};

/** How one part of a message ended that was sent in several. */
export type SendPart =
  | {
      readonly status: 'accepted';

      /** The part's recipients and how they ended. */
      readonly recipients: readonly RecipientOutcome[];

      /** The relay's reply to the part, code first. */
      readonly response: string;

      /** SendGrid's id of the part. */
      readonly sendGridId?: string;

      /** How often the part was offered to the relay. */
      readonly attempts: number;
    }
  | {
      readonly status: 'rejected' | 'unknown' | 'not-sent';
      readonly recipients: readonly RecipientOutcome[];
      readonly error: MailError;
    };

/**
 * What a successful send resolves with: the relay has taken the message for
 * at least one recipient. A superset of nodemailer's `SentMessageInfo`.
 */
export type SendReceipt = {
  /** The Message-ID header, in angle brackets. */
  readonly messageId: string;

  /** The envelope the message went out with. */
  readonly envelope: { readonly from: string; readonly to: string[] };

  /** Recipients that the relay accepted. */
  readonly accepted: string[];

  /** Recipients that were not accepted; `recipients` says why. */
  readonly rejected: string[];

  /** The relay's reply to the message, code first. */
  readonly response: string;

  /**
   * SendGrid's id from `250 Ok: queued as <id>`: the first segment of the
   * Event Webhook's `sg_message_id`.
   */
  readonly sendGridId?: string;

  /**
   * The correlation id that the message carries: `mail_id` among the unique
   * arguments of SendGrid's events. Absent with `correlation: false` and for
   * `raw` messages without `sendgrid`.
   */
  readonly mailId?: string;

  /**
   * Every recipient and how it ended; of a message to each of `to` (see
   * `sendgrid.substitutions`) all of these, with the relay's one answer.
   */
  readonly recipients: readonly RecipientOutcome[];

  /**
   * The parts of a message that was split (option `split`), in the order of
   * their recipients. Absent when it went out as one. The fields around it
   * speak of all parts; `response` and `sendGridId` are those of the first
   * accepted one, `attempts` the most that one took.
   */
  readonly parts?: readonly SendPart[];

  /** How often the message was offered to the relay. */
  readonly attempts: number;

  /** How long it took. */
  readonly timings: SendTimings;
};
