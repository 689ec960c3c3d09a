import type { MailError } from '../errors/mail-error.js';
import type { MailMessage } from '../message/mail-message.js';
import type { UnsentMail } from '../options/drain-report.js';
import type { ResolvedQueueOptions } from '../options/resolved-options.js';
import { Admission } from '../pool/admission.js';
import type { Lane } from '../pool/lane.js';
import { Ledger, type Ending } from './ledger.js';
import { Place, type PlaceKeeper } from './place.js';
import type { Submission } from './submission.js';

/** Where every send begins: the bounds, the counts and the places of one instance. */
export class Places implements PlaceKeeper {
  readonly #held = new Set<Place>();
  readonly ledger: Ledger;
  readonly admission: Admission;
  #unsent: UnsentMail[] | undefined;

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
    { lane, message, cancellation }: Submission,
    refusal: MailError | undefined,
  ): Place | Promise<Place> {
    const askedAt = performance.now();
    this.ledger.submit();
    try {
      const error = refusal ?? cancellation?.error;
      if (error !== undefined) throw error;
      const waiting = this.admission.take(lane, cancellation);
      const place = (): Place => this.#place(lane, askedAt, message);
      if (waiting === undefined) return place();
      return this.#afterWait(waiting, place, { message, lane });
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

  /** Takes away the places of messages that nothing is on the wire of, as `which` says. */
  revokeWaiting(which: (place: Place) => boolean, error: MailError): void {
    const revoked = [...this.#held].filter(
      (place) => place.holder?.waiting === true && which(place),
    );
    for (const place of revoked) place.revoke(error);
  }

  /** From now on, keeps the messages that end as not sent. */
  keepUnsent(): void {
    this.#unsent = [];
  }

  /** What was kept of them. */
  get unsent(): readonly UnsentMail[] {
    return this.#unsent ?? [];
  }

  takeBack(place: Place, ending: Ending, bytes: number): void {
    this.#held.delete(place);
    if (ending === 'notSent') this.#unsent?.push(place.unsent);
    this.admission.release(bytes);
    this.ledger.end(ending);
  }

  #place(lane: Lane, askedAt: number, message: MailMessage): Place {
    const place = new Place(lane, askedAt, this, message);
    this.#held.add(place);
    return place;
  }

  async #afterWait(
    waiting: Promise<void>,
    place: () => Place,
    unsent: UnsentMail,
  ): Promise<Place> {
    try {
      await waiting;
    } catch (error) {
      this.#unsent?.push(unsent);
      this.ledger.end('notSent');
      throw error;
    }
    return place();
  }
}
