/** Counts events, and says when there were as many as somebody waits for. */
export class Told {
  #count = 0;
  #wanted = Infinity;
  #reached: () => void = () => undefined;

  add(): void {
    this.#count += 1;
    if (this.#count === this.#wanted) this.#reached();
  }

  /** Resolves once `more` have come after those that were waited for before. */
  async next(more: number): Promise<void> {
    this.#wanted = (this.#wanted === Infinity ? 0 : this.#wanted) + more;
    if (this.#count >= this.#wanted) return;
    await new Promise<void>((resolve) => {
      this.#reached = resolve;
    });
  }
}
