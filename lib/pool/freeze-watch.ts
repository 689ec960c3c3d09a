/** How late a beat may be before the process must have been frozen. */
const FROZEN_AFTER_MS = 5000;

/** How often the clocks are looked at, in milliseconds. */
const BEAT_MS = 1000;

/**
 * Notices that the process stood still: stopped, or on a machine that slept.
 * The clocks ran on meanwhile; a sleep stops one of the two.
 */
export class FreezeWatch {
  readonly #onThaw: () => void;
  #timer: NodeJS.Timeout | undefined;
  /** When the next beat is due, on the monotonic and on the wall clock. */
  #dueAt = Infinity;
  #dueAtWall = Infinity;

  /** When it last went on after a freeze, on the monotonic clock. */
  thawedAt = -Infinity;

  constructor(onThaw: () => void) {
    this.#onThaw = onThaw;
  }

  start(): void {
    if (this.#timer === undefined) this.#arm();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#dueAt = this.#dueAtWall = Infinity;
  }

  /** Looks now, since what has arrived is handled before the beat is; `true` for a freeze. */
  check(): boolean {
    const now = performance.now();
    const late = Math.max(now - this.#dueAt, Date.now() - this.#dueAtWall);
    if (late <= FROZEN_AFTER_MS) return false;
    this.thawedAt = now;
    this.#arm();
    this.#onThaw();
    return true;
  }

  #arm(): void {
    clearTimeout(this.#timer);
    this.#dueAt = performance.now() + BEAT_MS;
    this.#dueAtWall = Date.now() + BEAT_MS;
    this.#timer = setTimeout(() => this.#beat(), BEAT_MS);
    this.#timer.unref();
  }

  #beat(): void {
    if (!this.check()) this.#arm();
  }
}
