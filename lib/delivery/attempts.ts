/** What is asked for how long sending was paused in all, in milliseconds. */
interface Pauses {
  readonly heldMs: number;
}

/** How often a message was offered, and how old it is; times in milliseconds. */
export class Attempts {
  readonly #pauses: Pauses;
  #count = 0;
  #startedAt = 0;
  #latestAt = 0;
  #heldBefore = 0;
  #waitedMs = 0;

  /** Attempts that count: answered, or left and unanswered. */
  tries = 0;

  constructor(pauses: Pauses) {
    this.#pauses = pauses;
  }

  /** How often it was offered. */
  get count(): number {
    return this.#count;
  }

  /** When the first attempt began, on the monotonic clock. */
  get startedAt(): number {
    return this.#startedAt;
  }

  /** When the latest attempt began, on the monotonic clock. */
  get latestAt(): number {
    return this.#latestAt;
  }

  /** Another one begins. */
  begin(): void {
    this.#count += 1;
    this.#latestAt = performance.now();
    if (this.#count > 1) return;
    this.#startedAt = this.#latestAt;
    this.#heldBefore = this.#pauses.heldMs;
  }

  /** The message has waited for so long to hear of its outcome. */
  waited(ms: number): void {
    this.#waitedMs += ms;
  }

  /** Since the first attempt, without what it could do nothing in. */
  get ageMs(): number {
    const idleMs = this.#pauses.heldMs - this.#heldBefore + this.#waitedMs;
    return performance.now() - this.#startedAt - idleMs;
  }
}
