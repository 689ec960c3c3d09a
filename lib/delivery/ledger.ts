/** How a message ended. */
export type Ending = 'accepted' | 'rejected' | 'unknown' | 'notSent';

/** Counts how messages end. What was submitted and has not ended is pending. */
export class Ledger {
  readonly #onSettled: () => void;
  #submitted = 0;
  #ended = 0;
  readonly #endings: Record<Ending, number> = {
    accepted: 0,
    rejected: 0,
    unknown: 0,
    notSent: 0,
  };

  /** `onSettled` is called whenever nothing is pending any more. */
  constructor(onSettled: () => void = () => undefined) {
    this.#onSettled = onSettled;
  }

  get pending(): number {
    return this.#submitted - this.#ended;
  }

  submit(): void {
    this.#submitted += 1;
  }

  end(ending: Ending): void {
    this.#endings[ending] += 1;
    this.#ended += 1;
    if (this.pending === 0) this.#onSettled();
  }

  get totals(): Record<Ending | 'submitted' | 'pending', number> {
    const { accepted, rejected, unknown, notSent } = this.#endings;
    const { pending } = this;
    const submitted = this.#submitted;
    return { submitted, accepted, rejected, unknown, notSent, pending };
  }
}

/** How a message ends, by what became of it. */
export const ENDINGS = {
  rejected: 'rejected',
  unknown: 'unknown',
  'not-sent': 'notSent',
} as const;
