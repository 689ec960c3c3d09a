import type { MailError } from '../errors/mail-error.js';

/**
 * Why a run took no more from its source, though there was more:
 *
 * - `account`, `sender`: SendGrid takes no mail from the account, or of a From
 * - `shutdown`: the application, or the tenant, is closing
 * - `failure`: a message was not accepted, with `stopOnError`
 * - `aborted`: the `signal` fired
 * - `source`: the source threw `error`
 * - `break`: whoever iterated left the loop
 */
export type SendStop =
  | {
      readonly reason: 'account' | 'sender' | 'failure' | 'aborted';
      readonly error: MailError;
    }
  | { readonly reason: 'source'; readonly error: unknown }
  | { readonly reason: 'shutdown' | 'break' };

/** How the messages of a run have ended. */
export interface SendTotals {
  /** How many have ended: the sum of the four below. */
  readonly settled: number;

  /** The relay took them for at least one recipient. */
  readonly accepted: number;

  /** The relay refused them. */
  readonly rejected: number;

  /** They went out whole, and no reply came. */
  readonly unknown: number;

  /** They certainly never left. */
  readonly notSent: number;

  /**
   * The index up to which nothing is left to send; -1 for none. A run that was
   * stopped goes on with the message after it.
   *
   * Nothing counts that ended without being to blame: what was held back, or
   * refused, for a fault of the account or the sender, what the shutdown cut
   * off, and what the stop took back.
   */
  readonly lowWatermark: number;

  /** Why the run ended early; absent when it sent all there was. */
  readonly stopped?: SendStop | undefined;
}

/** How far a run has come. */
export interface SendProgress {
  /** How many messages have ended. */
  readonly settled: number;

  /** How many of them were accepted. */
  readonly accepted: number;

  /** How many of them were not. */
  readonly failed: number;

  /** How many ended in a second, on average since the run began. */
  readonly ratePerSecond: number;

  /**
   * Milliseconds until all of `total` have ended, at that rate; absent without
   * `total`, before the first has ended, and once a run has ended early.
   */
  readonly etaMs?: number | undefined;
}
