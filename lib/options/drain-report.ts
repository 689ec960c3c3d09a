import type { MailMessage } from '../message/mail-message.js';

/** A message that was certainly not sent, given back. */
export interface UnsentMail {
  /** As it was given to `send` or `enqueue`, without the defaults. */
  readonly message: MailMessage;

  /** Its lane in the queue. */
  readonly lane: 'urgent' | 'normal' | 'bulk';

  /** The Message-ID header it would have had, once it was composed. */
  readonly messageId?: string | undefined;
}

/** How many of the messages that were pending when a drain began ended how. */
export interface DrainCounts {
  readonly accepted: number;
  readonly rejected: number;
  readonly unknown: number;
  readonly notSent: number;
}

/** How the messages that were pending when a drain began have ended. */
export interface DrainReport extends DrainCounts {
  /** Those that were not sent, to be kept and sent another time. */
  readonly abandoned: readonly UnsentMail[];
}
