import type { MailError } from '../errors/mail-error.js';
import type { EventHub } from '../events/event-hub.js';
import type { DrainReport } from '../options/drain-report.js';
import type { Ledger } from './ledger.js';
import type { Places } from './places.js';
import { shutDown } from './verdict-errors.js';

/** Bounds of how long QUIT and its reply may take, in milliseconds. */
const MIN_GRACE_MS = 50;
const MAX_GRACE_MS = 3000;

/**
 * The end of an instance: sends are taken until `drain`, what is pending gets
 * the time that is left, and then everything settles, whoever waits for it.
 */
export class Shutdown {
  readonly #places: Places;
  readonly #events: EventHub;
  readonly #close: (graceMs: number) => Promise<void>;
  #before: Ledger['totals'] | undefined;
  #clock: NodeJS.Timeout | undefined;
  #drained: Promise<DrainReport> | undefined;
  #deadline = 0;
  #closed = false;
  #empty: (() => void) | undefined;

  /** `close` lets go of the connections within the given time. */
  constructor(
    places: Places,
    events: EventHub,
    close: (graceMs: number) => Promise<void> = () => Promise.resolve(),
  ) {
    this.#places = places;
    this.#events = events;
    this.#close = close;
  }

  /** What sends are refused with, once they are. */
  get refusal(): MailError | undefined {
    return this.#closed ? shutDown() : undefined;
  }

  /** Starts the clock; it runs once. */
  begin(timeoutMs: number): void {
    if (this.#before === undefined) {
      this.#before = this.#places.ledger.totals;
      this.#places.keepUnsent();
    }
    if (this.#clock !== undefined) return;
    this.#deadline = performance.now() + timeoutMs;
    this.#clock = setTimeout(() => this.#timeIsUp(), timeoutMs);
  }

  async drain(timeoutMs: number): Promise<DrainReport> {
    this.#drained ??= this.#drain(timeoutMs);
    return this.#drained;
  }

  /** Nothing is pending at present. */
  settled(): void {
    this.#empty?.();
  }

  async #drain(timeoutMs: number): Promise<DrainReport> {
    this.begin(timeoutMs);
    this.#closed = true;
    if (this.#places.ledger.pending > 0) {
      await new Promise<void>((resolve) => {
        this.#empty = resolve;
      });
    }
    clearTimeout(this.#clock);
    const report = this.#report();
    await this.#close(this.#graceMs());
    this.#events.close(report);
    return report;
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
      abandoned: this.#places.unsent,
    };
  }
}
