import type { ResolvedRateLimit } from '../options/resolved-options.js';
import { LONGEST_TIMER_MS } from '../options/rules.js';

/**
 * Lets at most `messages` leave in any stretch of `perMs`, over all
 * connections: a log of the times at which the latest have left.
 *
 * A slot is held from the moment a message is given to a connection, so that
 * none has to wait there, and gets its time just before the last bytes leave.
 */
export class RateLimiter {
  readonly #onRoom: () => void;
  #limit: ResolvedRateLimit | undefined;
  /** A ring, the oldest at `#head`. */
  #times = new Float64Array(0);
  #head = 0;
  #logged = 0;
  #held = 0;
  #timer: NodeJS.Timeout | undefined;
  #dueAt = Infinity;
  #awaited = false;

  /** `onRoom` is called after {@link wait}. */
  constructor(limit: ResolvedRateLimit | undefined, onRoom: () => void) {
    this.#onRoom = onRoom;
    this.set(limit);
  }

  /** Whether there is a limit at all. */
  get limited(): boolean {
    return this.#limit !== undefined;
  }

  /**
   * Sets another limit, or none. What has left before counts as far as it was
   * logged under the limit before.
   */
  set(limit: ResolvedRateLimit | undefined): void {
    this.#forget(performance.now());
    if (limit === undefined) this.#logged = 0;
    this.#limit = limit;
    this.#resize(Math.max(limit?.messages ?? 0, this.#logged));
  }

  /** How many messages may be given to connections now. */
  get room(): number {
    if (this.#limit === undefined) return Infinity;
    this.#forget(performance.now());
    const { messages } = this.#limit;
    return messages - Math.min(messages, this.#logged) - this.#held;
  }

  /**
   * How many have left within the last `perMs` or are about to: more than the
   * limit for a while after it was lowered.
   */
  get used(): number {
    this.#forget(performance.now());
    return this.#logged + this.#held;
  }

  /** Takes a slot, of which there must be one. */
  hold(): void {
    this.#held += 1;
  }

  /** The message that a slot is held for leaves now. */
  leave(): void {
    this.#held -= 1;
    if (this.#limit === undefined) return;
    const now = performance.now();
    this.#forget(now);
    // A limit that was lowered meanwhile may be used up already.
    if (this.#logged === this.#times.length) this.#resize(2 * this.#logged + 1);
    this.#times[(this.#head + this.#logged) % this.#times.length] = now;
    this.#logged += 1;
    if (this.#awaited) this.wait();
  }

  /** The message that a slot is held for has come back. */
  giveBack(): void {
    this.#held -= 1;
    if (this.#awaited) this.wait();
  }

  /** Calls `onRoom` once there may be room. */
  wait(): void {
    this.#awaited = true;
    if (this.room > 0) this.#arm(performance.now());
    else {
      const { messages = 0, perMs = 0 } = this.#limit ?? {};
      const next = Math.max(0, this.#logged - messages);
      // Without such a one, what is held leaves or comes back first.
      if (next < this.#logged) this.#arm(this.#at(next) + perMs);
    }
  }

  /** Nothing waits any more. */
  rest(): void {
    this.#awaited = false;
    clearTimeout(this.#timer);
    this.#dueAt = Infinity;
  }

  /** When the `nth` that is still logged has left, from 0 for the oldest. */
  #at(nth: number): number {
    return this.#times[(this.#head + nth) % this.#times.length] ?? 0;
  }

  #arm(at: number): void {
    if (at >= this.#dueAt) return;
    this.#dueAt = at;
    clearTimeout(this.#timer);
    const ms = Math.max(0, at - performance.now()) + 1;
    this.#timer = setTimeout(
      () => this.#tell(),
      Math.min(ms, LONGEST_TIMER_MS),
    );
  }

  #tell(): void {
    this.rest();
    this.#onRoom();
  }

  #forget(now: number): void {
    const perMs = this.#limit?.perMs ?? 0;
    while (this.#logged > 0 && now - this.#at(0) > perMs) this.#drop();
  }

  #drop(): void {
    this.#head = (this.#head + 1) % this.#times.length;
    this.#logged -= 1;
  }

  /** Makes room for so many times, those that are logged included. */
  #resize(length: number): void {
    const times = new Float64Array(length);
    for (let nth = 0; nth < this.#logged; nth += 1) times[nth] = this.#at(nth);
    this.#times = times;
    this.#head = 0;
  }
}
