import type { MailError } from '../errors/mail-error.js';
import type { UnsentMail } from '../options/drain-report.js';
import type { ResolvedQueueOptions } from '../options/resolved-options.js';
import { Admission } from '../pool/admission.js';
import { isAbandoned } from './abandoned.js';
import type { Batch } from './batch.js';
import { Ledger, type Ending } from './ledger.js';
import { Place, type PlaceKeeper } from './place.js';
import type { Submission } from './submission.js';

/** Where every send begins: the bounds, the counts and the places of one instance. */
export class Places implements PlaceKeeper {
  readonly #held = new Set<Place>();
  /** Those of the held ones that there is no room for yet. */
  readonly #awaited = new Set<Place>();
  readonly ledger: Ledger;
  readonly admission: Admission;
  #abandoned: UnsentMail[] | undefined;

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
    submission: Submission,
    refusal: MailError | undefined,
  ): Place | Promise<Place> {
    const { lane, message, cancellation, batch } = submission;
    const askedAt = performance.now();
    this.ledger.submit();
    try {
      const error = refusal ?? batch?.recalled ?? cancellation?.error;
      if (error !== undefined) throw error;
      const waits = batch !== undefined;
      const waiting = this.admission.take(lane, cancellation, waits);
      const place = new Place(submission, askedAt, this);
      this.#held.add(place);
      return waiting === undefined
        ? place
        : this.#afterWait(waiting, place, batch);
    } catch (error) {
      this.#keep({ message, lane }, error);
      this.ledger.end('notSent');
      throw error;
    }
  }

  /** Takes every place away. */
  revokeAll(error: MailError): void {
    this.admission.refuseAll(error);
    for (const place of this.#held) place.revoke(error);
  }

  /** Takes away the places of messages that nothing is on the wire of, as `which` says. */
  revokeWaiting(which: (place: Place) => boolean, error: MailError): void {
    const revoked = [...this.#held].filter(
      (place) => place.waiting && which(place),
    );
    for (const place of revoked) place.revoke(error);
  }

  /** The places whose messages have not ended. */
  get held(): Iterable<Place> {
    return this.#held;
  }

  /** From now on, keeps the messages that are abandoned. */
  keepAbandoned(): void {
    this.#abandoned = [];
  }

  /** What was kept of them. */
  get abandoned(): readonly UnsentMail[] {
    return this.#abandoned ?? [];
  }

  takeBack(place: Place, ending: Ending, bytes: number, error: unknown): void {
    this.#held.delete(place);
    if (ending === 'notSent') this.#keep(place.unsent, error);
    const hadRoom = !this.#awaited.delete(place);
    if (hadRoom) this.admission.release(bytes);
    this.ledger.end(ending);
  }

  async #afterWait(
    waiting: Promise<void>,
    place: Place,
    batch: Batch | undefined,
  ): Promise<Place> {
    this.#awaited.add(place);
    place.onRevoked((error) => this.admission.refuse(waiting, error));
    try {
      await (batch?.awaits(waiting) ?? waiting);
      this.#awaited.delete(place);
      // It got room just when it was taken away.
      if (place.refusal !== undefined) throw place.refusal;
      return place;
    } catch (error) {
      place.release(error);
      throw error;
    }
  }

  #keep(mail: UnsentMail, error: unknown): void {
    if (this.#abandoned === undefined || !isAbandoned(error)) return;
    this.#abandoned.push(mail);
  }
}
