import type { ReplyInfo } from './reply-info.js';

/** What became of one recipient. */
export type RecipientOutcome = {
  /** The address as it stood in the envelope, or in the X-SMTPAPI header. */
  readonly address: string;

  /** How the recipient ended. */
  readonly state: 'accepted' | 'rejected' | 'unknown' | 'not-sent';

  /** The relay's latest reply that speaks of it, when there was one. */
  readonly reply?: ReplyInfo;

  /** How often the recipient was offered to the relay. */
  readonly attempts: number;
};
