import type { DrainReport } from '../options/drain-report.js';
import type { ConnectionPool } from '../pool/connection-pool.js';
import type { Books } from './place.js';
import { shutDown } from './verdict-errors.js';

/**
 * The end of an instance: sends are taken until `drain`, what is pending gets
 * the time that is left, and then everything settles, whoever waits for it.
 */
export class Shutdown {
  readonly #books: Books;
  readonly #pool: ConnectionPool;
  #before: DrainReport | undefined;
  #clock: NodeJS.Timeout | undefined;
  #drained: Promise<DrainReport> | undefined;
  #closed = false;
  #empty: (() => void) | undefined;

  constructor(books: Books, pool: ConnectionPool) {
    this.#books = books;
    this.#pool = pool;
  }

  /** Whether sends are refused. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Starts the clock; it runs once. */
  begin(timeoutMs: number): void {
    this.#before ??= this.#books.ledger.totals;
    this.#clock ??= setTimeout(() => this.#timeIsUp(), timeoutMs);
  }

  async drain(timeoutMs: number): Promise<DrainReport> {
    this.#drained ??= this.#drain(timeoutMs);
    return this.#drained;
  }

  /** A message has ended. */
  settled(): void {
    if (this.#books.places.size === 0) this.#empty?.();
  }

  async #drain(timeoutMs: number): Promise<DrainReport> {
    this.begin(timeoutMs);
    this.#closed = true;
    if (this.#books.places.size > 0) {
      await new Promise<void>((resolve) => {
        this.#empty = resolve;
      });
    }
    clearTimeout(this.#clock);
    await this.#pool.close();
    return this.#report();
  }

  #timeIsUp(): void {
    this.#closed = true;
    const error = shutDown();
    this.#books.admission.refuseAll(error);
    for (const place of this.#books.places) place.revoke(error);
  }

  #report(): DrainReport {
    const now = this.#books.ledger.totals;
    const before = this.#before ?? now;
    return {
      accepted: now.accepted - before.accepted,
      rejected: now.rejected - before.rejected,
      unknown: now.unknown - before.unknown,
      notSent: now.notSent - before.notSent,
    };
  }
}
