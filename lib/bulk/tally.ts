import type { SendOutcome } from './send-outcome.js';
import type { SendProgress, SendStop, SendTotals } from './send-totals.js';

/** A message under way, by the first of its indexes. */
export interface Flight {
  readonly index: number;
}

/** Counts what a run sends, and up to where all of it has ended. */
export class Tally {
  /** In the order of their indexes. */
  readonly #flights = new Set<Flight>();
  readonly #counts: Record<SendOutcome['status'], number> = {
    accepted: 0,
    rejected: 0,
    unknown: 0,
    'not-sent': 0,
  };
  #next = 0;
  /** The first index that is to be sent again. */
  #firstLeft = Infinity;
  #startedAt: number | undefined;
  #endedAt: number | undefined;

  /** How many messages are under way. */
  get flying(): number {
    return this.#flights.size;
  }

  /** The run begins. */
  start(): void {
    this.#startedAt = performance.now();
  }

  /** The run is over. */
  end(): void {
    this.#endedAt = performance.now();
  }

  /** The next message leaves; it has `count` outcomes. */
  begin(count: number): Flight {
    const flight = { index: this.#next };
    this.#next += count;
    this.#flights.add(flight);
    return flight;
  }

  /** A message has ended, or is left to be sent again. */
  land(flight: Flight, how: 'done' | 'left'): void {
    this.#flights.delete(flight);
    if (how === 'done') return;
    this.#firstLeft = Math.min(this.#firstLeft, flight.index);
  }

  count(status: SendOutcome['status']): void {
    this.#counts[status] += 1;
  }

  totals(stopped: SendStop | undefined): SendTotals {
    const { accepted, rejected, unknown, 'not-sent': notSent } = this.#counts;
    return {
      settled: this.#settled,
      accepted,
      rejected,
      unknown,
      notSent,
      lowWatermark: this.#lowWatermark,
      ...(stopped === undefined ? {} : { stopped }),
    };
  }

  progress(total: number | undefined): SendProgress {
    const settled = this.#settled;
    const { accepted } = this.#counts;
    const perMs = settled === 0 ? 0 : settled / Math.max(1, this.#elapsedMs);
    const left = total === undefined ? undefined : Math.max(0, total - settled);
    const etaMs = left === 0 ? 0 : this.#etaMs(left, perMs);
    return {
      settled,
      accepted,
      failed: settled - accepted,
      ratePerSecond: perMs * 1000,
      ...(etaMs === undefined ? {} : { etaMs }),
    };
  }

  get #settled(): number {
    const { accepted, rejected, unknown, 'not-sent': notSent } = this.#counts;
    return accepted + rejected + unknown + notSent;
  }

  get #lowWatermark(): number {
    const [oldest] = this.#flights;
    return Math.min(oldest?.index ?? this.#next, this.#firstLeft) - 1;
  }

  get #elapsedMs(): number {
    const until = this.#endedAt ?? performance.now();
    return until - (this.#startedAt ?? until);
  }

  #etaMs(left: number | undefined, perMs: number): number | undefined {
    if (left === undefined || perMs === 0) return undefined;
    return this.#endedAt === undefined ? left / perMs : undefined;
  }
}
