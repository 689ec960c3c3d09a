import type { ResolvedGuard } from '../options/resolved-options.js';

const STEPS = 10;

/**
 * Counts the messages of the last `perMs`, in memory that does not grow with
 * them. They are forgotten in steps of a tenth of `perMs`, late rather than
 * early: up to a tenth after they have left the window.
 */
export class GuardWindow {
  readonly #limit: ResolvedGuard;
  /** The messages of the step at hand and of those before it, a ring. */
  readonly #counts = new Uint32Array(STEPS + 1);
  #messages = 0;
  #step = 0;
  #exceededAt = -Infinity;

  constructor(limit: ResolvedGuard) {
    this.#limit = limit;
  }

  /** Tells whether one more message would be too many. */
  isFull(now: number): boolean {
    this.#forget(now);
    return this.#messages >= this.#limit.messages;
  }

  /**
   * Notes a message that is too many, and tells whether a trip begins with it:
   * whether there was none in the `perMs` before.
   */
  exceeded(now: number): boolean {
    const begins = now - this.#exceededAt > this.#limit.perMs;
    this.#exceededAt = now;
    return begins;
  }

  /** Counts a message. */
  add(now: number): void {
    this.#forget(now);
    this.#put(this.#step, this.#countAt(this.#step) + 1);
  }

  #forget(now: number): void {
    const step = Math.floor((now * STEPS) / this.#limit.perMs);
    const from = Math.max(this.#step + 1, step - STEPS);
    for (let passed = from; passed <= step; passed += 1) this.#put(passed, 0);
    this.#step = step;
  }

  #countAt(step: number): number {
    return this.#counts[step % this.#counts.length] ?? 0;
  }

  #put(step: number, count: number): void {
    this.#messages += count - this.#countAt(step);
    this.#counts[step % this.#counts.length] = count;
  }
}
