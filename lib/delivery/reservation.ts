import type { MailError } from '../errors/mail-error.js';
import type { MailMessage } from '../message/mail-message.js';
import type { Lane } from '../pool/lane.js';
import type { Batch } from './batch.js';

/** One place in the queue, held from before composing until the message settles. */
export interface Reservation {
  readonly lane: Lane;

  /** What the message is sent as a part of, if anything. */
  readonly batch: Batch | undefined;

  /** When the place was asked for, on the monotonic clock, in milliseconds. */
  readonly reservedAt: number;

  /** The message as those get it who get it back. */
  message: MailMessage;

  /**
   * Gives the place back: its message was not sent, because of `error`.
   * Further calls do nothing.
   */
  release(error?: unknown): void;

  /**
   * Calls `listener` when the place is taken away before its message was
   * carried: the shutdown's time is over, or the message was purged. At once
   * when that has happened already.
   */
  onRevoked(listener: (error: MailError) => void): void;
}
