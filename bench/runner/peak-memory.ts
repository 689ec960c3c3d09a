/** Looks this often, in milliseconds. */
const EVERY_MS = 50;

/**
 * Watches the memory of the process. The kernel's own figure of the largest
 * size is inherited from the process that started this one.
 */
export class PeakMemory {
  #peak = process.memoryUsage.rss();
  readonly #timer = setInterval(() => this.#look(), EVERY_MS);

  /** @returns the most that was seen, in bytes */
  stop(): number {
    clearInterval(this.#timer);
    this.#look();
    return this.#peak;
  }

  #look(): void {
    this.#peak = Math.max(this.#peak, process.memoryUsage.rss());
  }
}
