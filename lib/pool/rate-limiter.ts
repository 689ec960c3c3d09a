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
  readonly #limit: ResolvedRateLimit;
  readonly #onRoom: () => void;
  /** A ring, the oldest at `#head`. */
  readonly #times: Float64Array;
  #head = 0;
  #logged = 0;
  #held = 0;
  #timer: NodeJS.Timeout | undefined;
  #dueAt = Infinity;
  #awaited = false;

  /** `onRoom` is called after {@link wait}. */
  constructor(limit: ResolvedRateLimit, onRoom: () => void) {
    this.#limit = limit;
    this.#onRoom = onRoom;
    this.#times = new Float64Array(limit.messages);
  }

  /** How many messages may be given to connections now. */
  get room(): number {
    this.#forget(performance.now());
    return this.#limit.messages - this.#logged - this.#held;
  }

  /** Takes a slot, of which there must be one. */
  hold(): void {
    this.#held += 1;
  }

  /** The message that a slot is held for leaves now. */
  leave(): void {
    this.#held -= 1;
    const now = performance.now();
    this.#forget(now);
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
    // Without a log, what is held leaves or comes back first.
    else if (this.#logged > 0) this.#arm(this.#oldest + this.#limit.perMs);
  }

  /** Nothing waits any more. */
  rest(): void {
    this.#awaited = false;
    clearTimeout(this.#timer);
    this.#dueAt = Infinity;
  }

  get #oldest(): number {
    return this.#times[this.#head] ?? 0;
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
    const { perMs } = this.#limit;
    while (this.#logged > 0 && now - this.#oldest > perMs) {
      this.#head = (this.#head + 1) % this.#times.length;
      this.#logged -= 1;
    }
  }
}
