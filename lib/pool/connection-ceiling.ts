/** How long until one more connection is tried after the relay refused some. */
const STEP_MS = 30_000;

/**
 * How many connections this process may hold: what was set, and what the relay
 * lets it, when it has said so by refusing a greeting. The latter is lifted by
 * one every half minute.
 */
export class ConnectionCeiling {
  readonly #max: number;
  #lowered: { readonly to: number; readonly at: number } | undefined;

  /** What was set, beside the option. */
  limit = Infinity;

  constructor(max: number) {
    this.#max = max;
  }

  get value(): number {
    const most = Math.min(this.#max, this.limit);
    if (this.#lowered === undefined) return most;
    const steps = Math.floor((performance.now() - this.#lowered.at) / STEP_MS);
    return Math.min(most, this.#lowered.to + steps);
  }

  /** The relay refused a connection while `open` others were fine. */
  lower(open: number): void {
    this.#lowered = { to: open, at: performance.now() };
  }
}
