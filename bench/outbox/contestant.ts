import type { Work } from './orders.js';

/** A queue for mail, as a producer and a worker have it. */
export interface QueueContestant {
  /** Enqueues message number `n`; resolves with what it is known by. */
  enqueue(n: number): Promise<string>;

  /** Enqueues messages from number `from` in one call. */
  enqueueMany(from: number, count: number): Promise<unknown>;

  /** What this worker has done since the last call. */
  work(): Work;
}

/** Gathers what a worker does. */
export class WorkLog {
  #accepted: [string, number][] = [];
  #marks: number[] = [];

  accepted(key: string, at: number): void {
    this.#accepted.push([key, at]);
  }

  marked(ms: number): void {
    this.#marks.push(ms);
  }

  take(): Work {
    const work = { accepted: this.#accepted, marks: this.#marks };
    this.#accepted = [];
    this.#marks = [];
    return work;
  }
}
