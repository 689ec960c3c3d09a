import type { MailMessage } from '../message/mail-message.js';

/** A message that was certainly not sent, given back. */
export interface UnsentMail {
  /**
   * As it was given to `send` or `enqueue`, without the defaults; from
   * `SendGridTransport` as nodemailer completed it.
   */
  readonly message: MailMessage;

  /** Its lane in the queue. */
  readonly lane: 'urgent' | 'normal' | 'bulk';

  /** The Message-ID header it would have had, once it was composed. */
  readonly messageId?: string | undefined;
}

/** How many of the messages that were pending when a shutdown began, or came later, ended how. */
export interface DrainCounts {
  readonly accepted: number;
  readonly rejected: number;
  readonly unknown: number;
  readonly notSent: number;
}

/** How the messages that were pending when a shutdown began, or came later, have ended. */
export interface DrainReport extends DrainCounts {
  /**
   * Those of the not sent that another time may help, to be kept and sent
   * again: without those that were aborted, timed out or purged, those a guard
   * refused, and those that can never be sent.
   */
  readonly abandoned: readonly UnsentMail[];
}
