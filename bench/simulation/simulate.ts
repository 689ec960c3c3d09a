import { DispatchQueue } from '../../lib/pool/dispatch-queue.js';
import { LANES, type Lane } from '../../lib/pool/lane.js';
import { seededRandom } from '../../test/support/seeded-random.js';
import { EventHeap } from './event-heap.js';

/** Messages that come one by one, at random, or all at once. */
export type Load =
  | { readonly lane: Lane; readonly perSecond: number }
  | { readonly lane: Lane; readonly atOnce: number; readonly at: number };

/** What is simulated; times are in seconds. */
export interface Scenario {
  readonly loads: readonly Load[];
  readonly connections: number;

  /** What a message takes whatever the relay does: its round trips. */
  readonly roundTrip: number;

  /** Mean of what the relay takes to accept one; exponential. */
  readonly accept: number;

  /** Messages of one connection, and how long its successor is set up. */
  readonly cap: number;
  readonly setUp: number;

  /** When no message leaves. */
  readonly outage?: { readonly from: number; readonly until: number };

  /** When messages stop to come; those that wait are still sent. */
  readonly end: number;

  /** Messages from before are sent and not counted. */
  readonly countFrom: number;
  readonly seed: number;
}

/** What the messages of a lane waited for a connection, in seconds. */
interface Waits {
  readonly messages: number;
  readonly mean: number;
  readonly median: number;
  readonly p99: number;
  readonly longest: number;
}

export interface Outcome {
  readonly waits: Readonly<Record<Lane, Waits>>;

  /** Most messages that waited at one time, and when first none did again. */
  readonly mostWaiting: number;
  readonly caughtUpAt: number;
}

interface Waiting {
  readonly lane: Lane;
  readonly waiting: true;
  readonly queuedAt: number;
}

/**
 * Plays a fleet's connections as one queue with many servers, message by
 * message. Lanes are served in the order of the library's own queue.
 */
export function simulate(scenario: Scenario): Outcome {
  return new Simulation(scenario).run();
}

class Simulation {
  readonly #scenario: Scenario;
  readonly #random: () => number;
  readonly #queue = new DispatchQueue<Waiting>();
  readonly #arrivals = new EventHeap<Load>();
  /** When each busy connection is free, with the messages it still may carry. */
  readonly #busy = new EventHeap<number>();
  readonly #idle: number[] = [];
  readonly #waits: Record<Lane, number[]> = {
    urgent: [],
    normal: [],
    bulk: [],
  };
  #mostWaiting = 0;
  #caughtUpAt = 0;

  constructor(scenario: Scenario) {
    this.#scenario = scenario;
    this.#random = seededRandom(scenario.seed);
    for (let i = 0; i < scenario.connections; i += 1) {
      // They do not reach the cap together: the library spreads that.
      this.#idle.push(1 + Math.floor(this.#random() * scenario.cap));
    }
    for (const load of scenario.loads) this.#await(load, 0);
  }

  run(): Outcome {
    for (;;) {
      const now = Math.min(this.#arrivals.nextAt, this.#busy.nextAt);
      if (now === Infinity) break;
      if (this.#arrivals.nextAt <= now) this.#arrive(now);
      else this.#idle.push(this.#busy.pop() ?? 0);
      this.#dispatch(now);
    }
    const [urgent, normal, bulk] = LANES.map((lane) =>
      waitsOf(this.#waits[lane]),
    );
    if (!urgent || !normal || !bulk) throw new Error('A lane is missing');
    return {
      waits: { urgent, normal, bulk },
      mostWaiting: this.#mostWaiting,
      caughtUpAt: this.#caughtUpAt,
    };
  }

  #await(load: Load, now: number): void {
    if ('atOnce' in load) {
      this.#arrivals.push(load.at, load);
      return;
    }
    const at = now + this.#exponential(1 / load.perSecond);
    if (at < this.#scenario.end) this.#arrivals.push(at, load);
  }

  #arrive(now: number): void {
    const load = this.#arrivals.pop();
    if (load === undefined) return;
    const count = 'atOnce' in load ? load.atOnce : 1;
    for (let i = 0; i < count; i += 1) {
      this.#queue.push({ lane: load.lane, waiting: true, queuedAt: now });
    }
    if (!('atOnce' in load)) this.#await(load, now);
  }

  #dispatch(now: number): void {
    const { outage } = this.#scenario;
    if (outage !== undefined && now >= outage.from && now < outage.until) {
      // Connections that get free meanwhile are so at its end.
      for (const left of this.#idle.splice(0)) {
        this.#busy.push(outage.until, left);
      }
    }
    while (this.#idle.length > 0 && this.#queue.size > 0) this.#send(now);
    const waiting = this.#queue.size;
    if (waiting > this.#mostWaiting) {
      this.#mostWaiting = waiting;
      this.#caughtUpAt = Infinity;
    }
    if (waiting === 0) this.#caughtUpAt = Math.min(this.#caughtUpAt, now);
  }

  #send(now: number): void {
    const message = this.#queue.take();
    const left = this.#idle.pop();
    if (message === undefined || left === undefined) return;
    const { roundTrip, accept, cap, setUp, countFrom } = this.#scenario;
    if (message.queuedAt >= countFrom) {
      this.#waits[message.lane].push(now - message.queuedAt);
    }
    const free = now + roundTrip + this.#exponential(accept);
    if (left > 1) this.#busy.push(free, left - 1);
    else this.#busy.push(free + setUp, cap);
  }

  #exponential(mean: number): number {
    return mean === 0 ? 0 : -Math.log(1 - this.#random()) * mean;
  }
}

function waitsOf(waits: readonly number[]): Waits {
  const sorted = Float64Array.from(waits).toSorted();
  const at = (share: number): number =>
    sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
  const sum = sorted.reduce((total, wait) => total + wait, 0);
  return {
    messages: sorted.length,
    mean: sorted.length === 0 ? 0 : sum / sorted.length,
    median: at(0.5),
    p99: at(0.99),
    longest: at(1),
  };
}
