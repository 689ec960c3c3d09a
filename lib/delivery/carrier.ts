import type { SendReceipt } from './receipt.js';
import type { Reservation } from './reservation.js';
import type { MailStats } from './stats.js';
import type { Content } from '../smtp/content.js';
import type { DrainReport } from '../options/drain-report.js';
import type { Cancellation } from '../pool/cancellation.js';
import type { Lane } from '../pool/lane.js';
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
   * Takes one place in the queue: at once, or (option `queue.whenFull: 'wait'`)
   * when there is room.
   *
   * @throws MailError `QUEUE_FULL`, `SHUT_DOWN`, and what `cancellation` says
   */
  reserve(
    lane: Lane,
    cancellation?: Cancellation,
  ): Reservation | Promise<Reservation>;

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

  /** A snapshot of connections, queue and totals. */
  stats(): MailStats;

  /**
   * Starts the clock of the shutdown: whatever is pending after `timeoutMs`
   * settles then. Sends are still taken.
   */
  beginShutdown(timeoutMs: number): void;

  /**
   * Takes no more sends, waits for the pending ones (until the clock of the
   * shutdown ends) and closes every connection. Never rejects; repeated calls
   * share one promise.
   */
  drain(timeoutMs: number): Promise<DrainReport>;
}
