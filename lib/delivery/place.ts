import type { MailError } from '../errors/mail-error.js';
import type { Admission } from '../pool/admission.js';
import type { Cancellation } from '../pool/cancellation.js';
import type { Lane } from '../pool/lane.js';
import type { Ending } from './ledger.js';
import type { Reservation } from './reservation.js';

/** Who gives places out and takes them back. */
export interface PlaceKeeper {
  readonly admission: Admission;

  /** A place's message has ended. */
  takeBack(place: Place, ending: Ending, bytes: number): void;
}

/** A place in the queue, held until its message ends. */
export class Place implements Reservation {
  readonly lane: Lane;
  readonly reservedAt: number;
  readonly #keeper: PlaceKeeper;
  #bytes = 0;
  #held = true;
  #revoke: ((error: MailError) => void) | undefined;

  constructor(lane: Lane, reservedAt: number, keeper: PlaceKeeper) {
    this.lane = lane;
    this.reservedAt = reservedAt;
    this.#keeper = keeper;
  }

  /** The place behind a reservation; only `reserve` makes them, as places. */
  static of(reservation: Reservation): Place {
    if (reservation instanceof Place) return reservation;
    throw new TypeError('A reservation of another carrier was used.');
  }

  /** Whether its message has not ended yet. */
  get held(): boolean {
    return this.#held;
  }

  /** Adds the size of the composed message, once there is room for it. */
  addBytes(bytes: number, cancellation?: Cancellation): void | Promise<void> {
    const waiting = this.#keeper.admission.addBytes(bytes, cancellation);
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
    this.#keeper.takeBack(this, ending, this.#bytes);
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
