/** A moment after which nobody waits any more. */
export class Deadline {
  readonly #at: number;

  constructor(ms: number) {
    this.#at = performance.now() + ms;
  }

  /** Whether it has passed. */
  get isOver(): boolean {
    return performance.now() >= this.#at;
  }

  /**
   * Settles with `work`, or at the deadline rejects with what `late` makes.
   * The work goes on then, and how it ends is nobody's concern.
   */
  async of<T>(work: Promise<T>, late: () => Error): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const expiry = new Promise<never>((_resolve, reject) => {
      const left = Math.max(0, this.#at - performance.now());
      timer = setTimeout(() => reject(late()), left);
    });
    try {
      return await Promise.race([work, expiry]);
    } finally {
      clearTimeout(timer);
    }
  }
}
