/** How long sending has been held back, over all holds and reasons. */
export class HoldClock {
  #holds = 0;
  #since = 0;
  #before = 0;

  /** Since when it is held, on the monotonic clock; `undefined` while it is not. */
  get since(): number | undefined {
    return this.#holds === 0 ? undefined : this.#since;
  }

  /** Milliseconds in all. */
  get totalMs(): number {
    const now = this.#holds === 0 ? 0 : performance.now() - this.#since;
    return this.#before + now;
  }

  /** One more reason to hold. */
  start(): void {
    if (this.#holds === 0) this.#since = performance.now();
    this.#holds += 1;
  }

  /** One reason less. */
  stop(): void {
    this.#holds -= 1;
    if (this.#holds === 0) this.#before += performance.now() - this.#since;
  }
}
