import type { MailError } from '../errors/mail-error.js';
import type { Envelope } from '../smtp/envelope.js';
import type { Body, TransactionOutcome } from '../smtp/transaction.js';
import type { Lane } from './lane.js';

/** The relay has answered the message itself. */
export type Answered = Extract<
  TransactionOutcome,
  { kind: 'accepted' | 'rejected' }
>;

/** How a message ended for the pool: each job gets exactly one. */
export type Verdict =
  | Answered
  | Extract<TransactionOutcome, { kind: 'unknown' }>
  | { readonly kind: 'not-sent'; readonly error: MailError };

/** One message to be carried over some connection. */
export interface Job {
  readonly lane: Lane;

  /** When it was first submitted, on the monotonic clock, in milliseconds. */
  readonly queuedAt: number;

  readonly envelope: Envelope;
  readonly body: Body;

  /** What it ends with rather than to wait again, if so. */
  readonly recalled?: MailError | undefined;

  /** Awaited before the body leaves. */
  beforeBody?(): Promise<void>;

  /** Its envelope is being written, for the first or a further time. */
  started(): void;

  ended(verdict: Verdict): void;

  /** The relay has answered although the job was abandoned before that. */
  answeredLate?(answer: Answered): void;
}
