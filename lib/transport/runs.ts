/** What sends on and on until it has no more, or is told to stop. */
export interface Run {
  /** The application, or the tenant, is closing. */
  closing(): void;

  /** The account was found at fault. */
  accountFault(): void;
}

interface Entry {
  readonly run: Run;
  readonly tenant: string | undefined;
}

/** The runs under way of an instance and its tenants. */
export class Runs {
  readonly #entries = new Set<Entry>();
  #closed = false;

  /**
   * Enters a run, unless all are stopped.
   *
   * @returns what takes it out
   */
  enter(run: Run, tenant: string | undefined): (() => void) | undefined {
    if (this.#closed) return undefined;
    const entry = { run, tenant };
    this.#entries.add(entry);
    return () => void this.#entries.delete(entry);
  }

  /** Stops all, also those that come later. */
  close(): void {
    this.#closed = true;
    for (const { run } of this.#entries) run.closing();
  }

  /** Stops those of one tenant. */
  closeOf(tenant: string): void {
    for (const run of this.#of(tenant)) run.closing();
  }

  /** The account of a tenant, or of the instance itself, was found at fault. */
  accountFault(tenant: string | undefined): void {
    // Not in the middle of what found it, which is still to put its message back.
    queueMicrotask(() => {
      for (const run of this.#of(tenant)) run.accountFault();
    });
  }

  #of(tenant: string | undefined): Run[] {
    return [...this.#entries].flatMap((entry) =>
      entry.tenant === tenant ? [entry.run] : [],
    );
  }
}
