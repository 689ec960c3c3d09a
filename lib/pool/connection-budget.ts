/** SendGrid's bound on concurrent connections from one server. */
const MAX_PER_HOST = 10_000;

const budgets = new Map<string, ConnectionBudget>();

/**
 * How many connections this process may hold open, over all pools in it.
 * Process-wide by nature, hence not owned by any pool.
 */
export class ConnectionBudget {
  readonly #max: number;
  #taken = 0;
  readonly #waiting = new Set<() => void>();

  constructor(max = Infinity) {
    this.#max = max;
  }

  /** The budget of one relay. */
  static of(host: string): ConnectionBudget {
    const existing = budgets.get(host);
    if (existing !== undefined) return existing;
    const budget = new ConnectionBudget(MAX_PER_HOST);
    budgets.set(host, budget);
    return budget;
  }

  /** Takes one connection; `false` when none is left. `onRoom` is then called once there may be. */
  take(onRoom: () => void): boolean {
    if (this.#taken >= this.#max) {
      this.#waiting.add(onRoom);
      return false;
    }
    this.#taken += 1;
    return true;
  }

  release(): void {
    this.#taken -= 1;
    for (const next of this.#waiting) {
      // Who was called may not have needed the room any more.
      if (this.#taken >= this.#max) return;
      this.#waiting.delete(next);
      next();
    }
  }
}
