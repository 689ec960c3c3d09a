import type { RecipientOutcome } from '../errors/recipient-outcome.js';

/** How long the parts of a send took, in milliseconds. */
export type SendTimings = {
  /** From `send` until the message was handed to a connection. */
  readonly queuedMs: number;

  /** From `send` until the relay's final reply. */
  readonly totalMs: number;
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

  /** How often the message was offered to the relay. */
  readonly attempts: number;

  /** How long it took. */
  readonly timings: SendTimings;
};
