import type { MailError } from '../errors/mail-error.js';
import type { EventHub } from '../events/event-hub.js';
import type { DrainReport } from '../options/drain-report.js';
import type { Ledger } from './ledger.js';
import type { Places } from './places.js';
import { shutDown, shutDownPaused } from './verdict-errors.js';

/** Bounds of how long QUIT and its reply may take, in milliseconds. */
const MIN_GRACE_MS = 50;
const MAX_GRACE_MS = 3000;

/** What a {@link Shutdown} knows of the instance's connections. */
export interface Leaving {
  /** Whether somebody has paused sending. */
  isPaused(): boolean;

  /** Lets go of the connections within the given time. */
  close(graceMs: number): Promise<void>;
}

/**
 * The end of an instance: sends are taken until `drain`, what is pending gets
 * the time that is left, and then everything settles, whoever waits for it.
 *
 * What somebody's pause holds back is not sent on the way out, and does not
 * wait for the clock either: it settles at once.
 */
export class Shutdown {
  readonly #places: Places;
  readonly #events: EventHub;
  readonly #leaving: Leaving;
  #before: Ledger['totals'] | undefined;
  #clock: NodeJS.Timeout | undefined;
  #drained: Promise<DrainReport> | undefined;
  #deadline = Infinity;
  #settled = false;
  #closed = false;
  #empty: (() => void) | undefined;

  constructor(places: Places, events: EventHub, leaving: Leaving) {
    this.#places = places;
    this.#events = events;
    this.#leaving = leaving;
  }

  /** What sends are refused with, once they are. */
  get refusal(): MailError | undefined {
    if (this.#closed) return shutDown();
    return this.#holdsForGood ? shutDownPaused() : undefined;
  }

  /** Starts the clock; further calls can only make it end earlier. */
  begin(timeoutMs: number): void {
    if (this.#before === undefined) {
      this.#before = this.#places.ledger.totals;
      this.#places.keepAbandoned();
    }
    const deadline = performance.now() + timeoutMs;
    if (this.#settled || deadline >= this.#deadline) return;
    this.#deadline = deadline;
    clearTimeout(this.#clock);
    this.#clock = setTimeout(() => this.#timeIsUp(), timeoutMs);
    this.paused();
  }

  /** Somebody has paused sending, perhaps. */
  paused(): void {
    if (!this.#holdsForGood) return;
    this.#places.revokeWaiting(() => true, shutDownPaused());
  }

  async drain(timeoutMs: number): Promise<DrainReport> {
    this.begin(timeoutMs);
    this.#drained ??= this.#drain();
    return this.#drained;
  }

  /** Nothing is pending at present. */
  settled(): void {
    this.#empty?.();
  }

  async #drain(): Promise<DrainReport> {
    this.#closed = true;
    if (this.#places.ledger.pending > 0) {
      await new Promise<void>((resolve) => {
        this.#empty = resolve;
      });
    }
    this.#settled = true;
    clearTimeout(this.#clock);
    const report = this.#report();
    await this.#leaving.close(this.#graceMs());
    this.#events.close(report);
    return report;
  }

  /** Whether what is held back will not be sent any more. */
  get #holdsForGood(): boolean {
    return this.#before !== undefined && this.#leaving.isPaused();
  }

  /** What is left of the time, for QUIT and its reply. */
  #graceMs(): number {
    const left = this.#deadline - performance.now();
    return Math.min(MAX_GRACE_MS, Math.max(MIN_GRACE_MS, left));
  }

  #timeIsUp(): void {
    this.#closed = true;
    this.#places.revokeAll(shutDown());
  }

  #report(): DrainReport {
    const now = this.#places.ledger.totals;
    const before = this.#before ?? now;
    return {
      accepted: now.accepted - before.accepted,
      rejected: now.rejected - before.rejected,
      unknown: now.unknown - before.unknown,
      notSent: now.notSent - before.notSent,
      abandoned: this.#places.abandoned,
    };
  }
}
