import type { ResolvedGuards } from '../options/resolved-options.js';
import { guardRefusal, type GuardTrip } from './guard-trip.js';
import { GuardWindow } from './guard-window.js';
import { RecipientWindows } from './recipient-windows.js';

interface Watched {
  readonly window: GuardWindow;
  readonly trip: GuardTrip;
}

/** Holds an instance's mail to what is usual, against loops that run away. */
export class Guards {
  readonly #limits: ResolvedGuards;
  readonly #onTrip: (trip: GuardTrip) => void;
  readonly #total: GuardWindow | undefined;
  readonly #recipients: RecipientWindows | undefined;

  /**
   * `onTrip` is told of the first message that is too many, and not again
   * until none was for a whole window.
   */
  constructor(limits: ResolvedGuards, onTrip: (trip: GuardTrip) => void) {
    const { total, perRecipient } = limits;
    this.#limits = limits;
    this.#onTrip = onTrip;
    this.#total = total && new GuardWindow(total);
    this.#recipients = perRecipient && new RecipientWindows(perRecipient);
  }

  /**
   * Counts a message that is about to be queued. A refused one is not counted.
   *
   * @param recipients - those that the message names, before any redirect
   * @throws MailError `GUARD`
   */
  admit(recipients: readonly string[]): void {
    const now = performance.now();
    const watched = [
      ...this.#watchTotal(),
      ...this.#watchRecipients(recipients),
    ];
    for (const { window, trip } of watched) {
      if (!window.isFull(now)) continue;
      if (window.exceeded(now)) this.#onTrip(trip);
      if (trip.limit.onExceeded === 'reject') throw guardRefusal(trip);
    }
    for (const { window } of watched) window.add(now);
  }

  #watchTotal(): Watched[] {
    const limit = this.#limits.total;
    if (limit === undefined || this.#total === undefined) return [];
    return [{ window: this.#total, trip: { guard: 'total', limit } }];
  }

  #watchRecipients(recipients: readonly string[]): Watched[] {
    const limit = this.#limits.perRecipient;
    const windows = this.#recipients;
    if (limit === undefined || windows === undefined) return [];
    const distinct = new Map(
      recipients.map((recipient) => [recipient.toLowerCase(), recipient]),
    );
    return [...distinct].map(([key, recipient]) => ({
      window: windows.of(key),
      trip: { guard: 'perRecipient', limit, recipient },
    }));
  }
}
