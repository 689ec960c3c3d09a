import type { Readable } from 'node:stream';
import type { OutgoingMail } from '../delivery/carrier.js';
import type { Reservation } from '../delivery/reservation.js';
import type { MailError } from '../errors/mail-error.js';
import type { Cancellation } from '../pool/cancellation.js';
import type { OnComposed } from './send-tracer.js';

/** Name of the message field in which the face hands a ticket to the transport. */
export const TICKET_FIELD = 'sendTicket';

/**
 * What was arranged for a message before composing: its place in the queue
 * and its time limit. It travels through nodemailer as a message field; being
 * a class of ours, message data cannot forge it.
 */
export class SendTicket {
  readonly #reservation: Reservation;
  readonly #cancellation: Cancellation | undefined;
  readonly #onComposed: OnComposed | undefined;

  /** Whether it may go out in parts when it has too many recipients for one. */
  readonly split: boolean;

  /** Awaited before the body leaves, see `OutgoingMail`. */
  beforeBody: (() => Promise<void>) | undefined;

  #refusal: MailError | undefined;
  #content: Readable | undefined;
  #carried = false;

  constructor(
    reservation: Reservation,
    cancellation?: Cancellation,
    onComposed?: OnComposed,
    split = false,
  ) {
    this.#reservation = reservation;
    this.#cancellation = cancellation;
    this.#onComposed = onComposed;
    this.split = split;
  }

  get reservation(): Reservation {
    return this.#reservation;
  }

  get cancellation(): Cancellation | undefined {
    return this.#cancellation;
  }

  /** Why the message is not to be carried any more, once that is so. */
  get refusal(): MailError | undefined {
    return this.#refusal;
  }

  /** Whether a carrier has taken the message, which then tells how it ends. */
  get carried(): boolean {
    return this.#carried;
  }

  /** A carrier takes the message. */
  handOver(mail: OutgoingMail): void {
    this.#carried = true;
    this.#onComposed?.(mail);
  }

  /**
   * Calls `listener` when the send is cancelled, or its place taken away by
   * the shutdown, before a carrier has taken the message.
   */
  onRefused(listener: (error: MailError) => void): void {
    const refuse = (error: MailError): void => {
      this.#refusal = error;
      this.#content?.destroy();
      listener(error);
    };
    this.#reservation.onRevoked(refuse);
    this.#cancellation?.listen(refuse);
  }

  /** The content being read, which a refusal closes. */
  reads(content: Readable): void {
    this.#content = content;
    if (this.#refusal !== undefined) content.destroy();
  }

  static from(value: unknown): SendTicket | undefined {
    return value instanceof SendTicket ? value : undefined;
  }
}
