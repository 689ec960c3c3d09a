import type { MailError } from '../errors/mail-error.js';
import type { Admission } from '../pool/admission.js';
import type { Cancellation } from '../pool/cancellation.js';
import type { Lane } from '../pool/lane.js';
import type { Ending, Ledger } from './ledger.js';
import type { Reservation } from './reservation.js';

/** The books that a place is entered in. */
export interface Books {
  readonly ledger: Ledger;
  readonly admission: Admission;

  /** Every place that is held at present. */
  readonly places: Set<Place>;

  /** A place was given back. */
  onEnd(): void;
}

/** A place that was taken: entered in the books until its message ends. */
export class Place implements Reservation {
  readonly lane: Lane;
  readonly reservedAt = performance.now();
  readonly #books: Books;
  #bytes = 0;
  #held = true;
  #revoke: ((error: MailError) => void) | undefined;

  constructor(lane: Lane, books: Books) {
    this.lane = lane;
    this.#books = books;
    books.places.add(this);
  }

  /** Adds the size of the composed message, once there is room for it. */
  addBytes(bytes: number, cancellation?: Cancellation): void | Promise<void> {
    const waiting = this.#books.admission.addBytes(bytes, cancellation);
    if (waiting === undefined) this.#bytes = bytes;
    return waiting?.then(() => {
      this.#bytes = bytes;
    });
  }

  /** Enters how the message ended and gives the place back. */
  end(ending: Ending): void {
    if (!this.#held) return;
    this.#held = false;
    this.#revoke = undefined;
    this.#books.places.delete(this);
    this.#books.ledger.end(ending);
    this.#books.admission.release(this.#bytes);
    this.#books.onEnd();
  }

  release(): void {
    this.end('notSent');
  }

  onRevoked(listener: (error: MailError) => void): void {
    this.#revoke = listener;
  }

  /** Takes the place away; who holds it settles with `error`. */
  revoke(error: MailError): void {
    const revoke = this.#revoke;
    if (revoke === undefined) this.release();
    else revoke(error);
  }
}
