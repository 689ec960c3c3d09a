import type { MailMessageData } from 'nodemailer';
import type { MailError } from '../errors/mail-error.js';
import type { NamedMails } from './named-mails.js';
import type { SendReceipt } from './receipt.js';
import type { Reservation } from './reservation.js';
import type { MailStats } from './stats.js';
import type { Content } from '../smtp/content.js';
import type { DrainReport, UnsentMail } from '../options/drain-report.js';
import type { ResolvedRateLimit } from '../options/resolved-options.js';
import type { Cancellation } from '../pool/cancellation.js';
import type { ConnectionUse } from '../pool/connection-use.js';
import type { Lane } from '../pool/lane.js';
import type { PoolUsage } from '../pool/pool-usage.js';
import type { Submission } from './submission.js';
import type { Envelope } from '../smtp/envelope.js';

/** A composed and checked message, ready to leave. */
export interface OutgoingMail {
  readonly messageId: string;

  /** The correlation id in its X-SMTPAPI header, if it has one. */
  readonly mailId?: string | undefined;

  /** The first address of its From header, else the envelope's sender. */
  readonly sender: string;

  readonly envelope: Envelope;
  readonly content: Content;

  /**
   * Those whom its X-SMTPAPI header names, in order, when it does: each gets a
   * message of its own from the relay, in place of the envelope's recipient.
   */
  readonly addressees?: readonly string[] | undefined;

  /**
   * Started with the envelope and awaited before the body leaves. When it
   * rejects, the message is settled as not sent.
   */
  beforeBody?(): Promise<void>;
}

/**
 * What carries composed messages: the relay in mode `smtp`, memory in the
 * modes `capture` and `discard`. Everything above behaves the same over each.
 */
export interface Carrier {
  /**
   * Notes the fields that a message about to be carried was composed from.
   * Only what keeps messages has it.
   */
  describe?(mail: OutgoingMail, fields: MailMessageData): void;

  /**
   * Takes one place in the queue: at once, or (option `queue.whenFull: 'wait'`)
   * when there is room.
   *
   * @throws MailError `QUEUE_FULL`, `SHUT_DOWN`, `ACCOUNT`,
   * `RELAY_UNAVAILABLE`, and what the submission's cancellation says
   */
  reserve(submission: Submission): Reservation | Promise<Reservation>;

  /** Brings one message to its end and releases its place. */
  carry(
    mail: OutgoingMail,
    reservation: Reservation,
    cancellation?: Cancellation,
  ): Promise<SendReceipt>;

  /**
   * Proves that the relay takes a connection and the key. The connection is
   * kept for use; when as many as allowed are open, they are proof enough.
   *
   * @throws MailError `ACCOUNT` for a refused key, else `RELAY_UNAVAILABLE`
   */
  verify(): Promise<void>;

  /**
   * Why mail of the account is held at present: `ACCOUNT`. `undefined` also
   * while a message may leave that finds out whether it still has to be.
   */
  readonly accountFault: MailError | undefined;

  /** Whether nothing is under way: no message, and no verification. */
  readonly idle: boolean;

  /**
   * Whether the relay answers on a connection that has nothing to do;
   * `undefined` without one. Opens none.
   */
  noop(): Promise<boolean | undefined>;

  /** A snapshot of connections, queue and totals. */
  stats(): MailStats;

  /** Every connection and what it was used for, those on their way out too. */
  connections(): readonly ConnectionUse[];

  /** Holds back what has not left, until {@link Carrier.resume}. */
  pause(reason: string): void;

  /** Goes on after {@link Carrier.pause}. */
  resume(): void;

  /**
   * Settles as `ABORTED`, or with `reason`, what nothing is on the wire of, of
   * one lane or all, where `where` agrees; gives it back.
   */
  purge(
    lane: Lane | undefined,
    where: (mail: UnsentMail) => boolean,
    reason?: MailError,
  ): UnsentMail[];

  /**
   * Events name these messages: those of them that are under way and got no
   * reply were accepted. Returns how many that has settled.
   */
  confirm(mails: NamedMails): number;

  /** Sets or lifts the limit of `rateLimit`. */
  setRateLimit(limit: ResolvedRateLimit | undefined): void;

  /**
   * Lets it hold no more connections than that, nor than `maxConnections`.
   * Those beyond take nothing more and end once what they carry has.
   */
  limitConnections(max: number): void;

  /**
   * Drops every connection at once: of what they carry, that whose last dot is
   * out gets the verdict `unknown`, and the rest waits again.
   */
  dropConnections(): void;

  /** What it makes use of at present, of what can be limited. */
  readonly usage: PoolUsage;

  /**
   * Starts the clock of the shutdown: whatever is pending after `timeoutMs`
   * settles then. Sends are still taken. Further calls can only make it end
   * earlier.
   */
  beginShutdown(timeoutMs: number): void;

  /**
   * Takes no more sends, waits for the pending ones (until the clock of the
   * shutdown ends) and closes every connection. Never rejects; repeated calls
   * share one promise.
   */
  drain(timeoutMs: number): Promise<DrainReport>;
}
