import type { MailError } from '../errors/mail-error.js';
import type { ResolvedQueueOptions } from '../options/resolved-options.js';
import { Admission } from '../pool/admission.js';
import type { Cancellation } from '../pool/cancellation.js';
import type { Lane } from '../pool/lane.js';
import { Ledger, type Ending } from './ledger.js';
import { Place, type PlaceKeeper } from './place.js';

/** Where every send begins: the bounds, the counts and the places of one instance. */
export class Places implements PlaceKeeper {
  readonly #held = new Set<Place>();
  readonly ledger: Ledger;
  readonly admission: Admission;

  /** `onSettled` is called whenever no message is pending any more. */
  constructor(queue: ResolvedQueueOptions, onSettled: () => void) {
    this.ledger = new Ledger(onSettled);
    this.admission = new Admission(queue);
  }

  /**
   * Takes a place, at once or when there is room.
   *
   * @throws MailError `refusal`, `QUEUE_FULL`, or what `cancellation` says
   */
  take(
    lane: Lane,
    refusal: MailError | undefined,
    cancellation: Cancellation | undefined,
  ): Place | Promise<Place> {
    const askedAt = performance.now();
    this.ledger.submit();
    try {
      const error = refusal ?? cancellation?.error;
      if (error !== undefined) throw error;
      const waiting = this.admission.take(lane, cancellation);
      const place = (): Place => this.#place(lane, askedAt);
      return waiting === undefined ? place() : this.#afterWait(waiting, place);
    } catch (error) {
      this.ledger.end('notSent');
      throw error;
    }
  }

  /** Turns away who waits and takes every place away. */
  revokeAll(error: MailError): void {
    this.admission.refuseAll(error);
    for (const place of this.#held) place.revoke(error);
  }

  takeBack(place: Place, ending: Ending, bytes: number): void {
    this.#held.delete(place);
    this.admission.release(bytes);
    this.ledger.end(ending);
  }

  #place(lane: Lane, askedAt: number): Place {
    const place = new Place(lane, askedAt, this);
    this.#held.add(place);
    return place;
  }

  async #afterWait(waiting: Promise<void>, place: () => Place): Promise<Place> {
    try {
      await waiting;
    } catch (error) {
      this.ledger.end('notSent');
      throw error;
    }
    return place();
  }
}
