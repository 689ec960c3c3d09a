/** How a message ended. */
export type Ending = 'accepted' | 'rejected' | 'unknown' | 'notSent';

/** Counts how messages end. What was submitted and has not ended is pending. */
export class Ledger {
  #submitted = 0;
  readonly #endings: Record<Ending, number> = {
    accepted: 0,
    rejected: 0,
    unknown: 0,
    notSent: 0,
  };

  submit(): void {
    this.#submitted += 1;
  }

  end(ending: Ending): void {
    this.#endings[ending] += 1;
  }

  get totals(): Record<Ending | 'submitted' | 'pending', number> {
    const { accepted, rejected, unknown, notSent } = this.#endings;
    const submitted = this.#submitted;
    const pending = submitted - accepted - rejected - unknown - notSent;
    return { submitted, accepted, rejected, unknown, notSent, pending };
  }
}
