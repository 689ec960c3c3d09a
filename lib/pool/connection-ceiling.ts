/** How long until one more connection is tried after the relay refused some. */
const STEP_MS = 30_000;

/**
 * How many connections the relay lets this process hold, when it has said so
 * by refusing a greeting. Lifted by one every half minute.
 */
export class ConnectionCeiling {
  readonly #max: number;
  #lowered: { readonly to: number; readonly at: number } | undefined;

  constructor(max: number) {
    this.#max = max;
  }

  get value(): number {
    if (this.#lowered === undefined) return this.#max;
    const steps = Math.floor((performance.now() - this.#lowered.at) / STEP_MS);
    return Math.min(this.#max, this.#lowered.to + steps);
  }

  /** The relay refused a connection while `open` others were fine. */
  lower(open: number): void {
    this.#lowered = { to: open, at: performance.now() };
  }
}
