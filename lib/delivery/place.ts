import type { MailError } from '../errors/mail-error.js';
import type { MailMessage } from '../message/mail-message.js';
import type { UnsentMail } from '../options/drain-report.js';
import type { NamedMail } from '../options/unknown-send-store.js';
import type { Admission } from '../pool/admission.js';
import type { Cancellation } from '../pool/cancellation.js';
import type { Lane } from '../pool/lane.js';
import type { Batch, BatchMember } from './batch.js';
import type { Ending } from './ledger.js';
import type { OutgoingMail } from './carrier.js';
import type { Reservation } from './reservation.js';
import type { Submission } from './submission.js';

/** Who gives places out and takes them back. */
export interface PlaceKeeper {
  readonly admission: Admission;

  /** A place's message has ended, with `error` unless it was accepted. */
  takeBack(place: Place, ending: Ending, bytes: number, error: unknown): void;
}

/** Who has the message of a place at the moment. */
export interface PlaceHolder {
  /** Whether nothing of it is on the wire. */
  readonly waiting: boolean;

  /** The message, once it is composed. */
  readonly mail?: OutgoingMail;

  /** Ends it with `error`. */
  giveUp(error: MailError): void;

  /** Events name the message. Tells whether that has settled it. */
  confirm?(events: readonly NamedMail[]): boolean;
}

/** A place in the queue, held until its message ends. */
export class Place implements Reservation, BatchMember {
  readonly reservedAt: number;
  readonly #keeper: PlaceKeeper;
  #submission: Submission;
  #bytes = 0;
  #held = true;
  #holder: PlaceHolder | undefined;
  #refusal: MailError | undefined;

  constructor(submission: Submission, reservedAt: number, keeper: PlaceKeeper) {
    this.#submission = submission;
    this.reservedAt = reservedAt;
    this.#keeper = keeper;
    submission.batch?.add(this);
  }

  /** The place behind a reservation; only `reserve` makes them, as places. */
  static of(reservation: Reservation): Place {
    if (reservation instanceof Place) return reservation;
    throw new TypeError('A reservation of another carrier was used.');
  }

  get message(): MailMessage {
    return this.#submission.message;
  }

  set message(message: MailMessage) {
    this.#submission = { ...this.#submission, message };
  }

  get lane(): Lane {
    return this.#submission.lane;
  }

  get batch(): Batch | undefined {
    return this.#submission.batch;
  }

  /** What its message ends with rather than to be offered again, if so. */
  get recalled(): MailError | undefined {
    return this.#submission.batch?.recalled;
  }

  /** Whether its message has not ended yet. */
  get held(): boolean {
    return this.#held;
  }

  /** What it was taken away with, if it was. */
  get refusal(): MailError | undefined {
    return this.#refusal;
  }

  /** Who has its message at the moment. */
  get holder(): PlaceHolder | undefined {
    return this.#holder;
  }

  /** Whether nothing of its message is on the wire, and nobody took it away. */
  get waiting(): boolean {
    if (this.#refusal !== undefined) return false;
    return this.#holder?.waiting ?? true;
  }

  /** Its message, for whoever gets it back. */
  get unsent(): UnsentMail {
    const messageId = this.#holder?.mail?.messageId;
    const { message, lane } = this.#submission;
    return { message, lane, messageId };
  }

  /** Adds the size of the composed message, once there is room for it. */
  addBytes(bytes: number, cancellation?: Cancellation): void | Promise<void> {
    const { batch } = this.#submission;
    const { admission } = this.#keeper;
    const waits = batch !== undefined;
    const waiting = admission.addBytes(bytes, cancellation, waits);
    if (waiting !== undefined) return this.#waitForRoom(waiting, bytes, batch);
    this.#bytes = bytes;
    this.composed();
    return undefined;
  }

  /** Its message is in the queue with all its bytes. */
  composed(): void {
    this.#submission.batch?.composed(this);
  }

  /** Enters how the message ended, and with what, and gives the place back. */
  end(ending: Ending, error?: unknown): void {
    if (!this.#held) return;
    this.#held = false;
    this.#submission.batch?.delete(this);
    this.#keeper.takeBack(this, ending, this.#bytes, error);
    this.#holder = undefined;
  }

  release(error?: unknown): void {
    this.end('notSent', error);
  }

  /** Hands the message on: only the latest holder is asked to give it up. */
  heldBy(holder: PlaceHolder): void {
    this.#holder = holder;
  }

  onRevoked(listener: (error: MailError) => void): void {
    if (this.#refusal !== undefined) listener(this.#refusal);
    else this.heldBy({ waiting: true, giveUp: listener });
  }

  /** Takes the place away; who holds it settles with `error`. */
  revoke(error: MailError): void {
    if (!this.#held) return;
    this.#refusal = error;
    const holder = this.#holder;
    if (holder === undefined) this.release(error);
    else holder.giveUp(error);
  }

  async #waitForRoom(
    waiting: Promise<void>,
    bytes: number,
    batch: Batch | undefined,
  ): Promise<void> {
    const { admission } = this.#keeper;
    this.onRevoked((error) => admission.refuse(waiting, error));
    await (batch?.awaits(waiting) ?? waiting);
    this.#bytes = bytes;
    this.composed();
  }
}
