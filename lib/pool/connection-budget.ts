/** SendGrid's bound on concurrent connections from one server. */
const MAX_PER_HOST = 10_000;

const budgets = new Map<string, ConnectionBudget>();

/** A pool that takes its connections from a budget. */
export interface BudgetHolder {
  /** There may be room for what it waits for. */
  roomLeft(): void;

  /** Another pool has no connection at all: one of this pool's is to go. */
  giveUpOne(): void;
}

interface Share {
  held: number;
  /** How many of them it was asked to give up. */
  owed: number;
}

/**
 * How many connections this process may hold open, over all pools in it.
 * Process-wide by nature, hence not owned by any pool.
 *
 * When none is left, a pool that has no connection comes before those that
 * have some, and the pool with the most is asked to give one up for it.
 */
export class ConnectionBudget {
  readonly #max: number;
  #taken = 0;
  readonly #shares = new Map<BudgetHolder, Share>();
  /** Those that wait, in order: first those that hold none. */
  readonly #starving = new Set<BudgetHolder>();
  readonly #waiting = new Set<BudgetHolder>();
  #owed = 0;

  constructor(max = Infinity) {
    this.#max = max;
  }

  /** The budget of one relay. */
  static of(host: string): ConnectionBudget {
    return budgets.get(host) ?? ConnectionBudget.renew(host);
  }

  /** Gives a relay a new budget, which pools made from now on share: for tests. */
  static renew(host: string, max = MAX_PER_HOST): ConnectionBudget {
    const budget = new ConnectionBudget(max);
    budgets.set(host, budget);
    return budget;
  }

  /**
   * Takes one connection; `false` when none is left. The holder is then told
   * once there may be.
   */
  take(holder: BudgetHolder): boolean {
    const share = this.#shares.get(holder);
    if (this.#taken >= this.#max) {
      if (share === undefined) this.#starving.add(holder);
      else this.#waiting.add(holder);
      this.#askForRoom();
      return false;
    }
    this.#taken += 1;
    if (share === undefined) this.#shares.set(holder, { held: 1, owed: 0 });
    else share.held += 1;
    this.#starving.delete(holder);
    return true;
  }

  /** Gives one back that the holder took. */
  release(holder: BudgetHolder): void {
    const share = this.#shares.get(holder);
    if (share === undefined) return;
    this.#taken -= 1;
    share.held -= 1;
    if (share.owed > 0) {
      share.owed -= 1;
      this.#owed -= 1;
    }
    if (share.held === 0) {
      this.#shares.delete(holder);
      if (this.#waiting.delete(holder)) this.#starving.add(holder);
    }
    this.#serve(this.#starving);
    this.#serve(this.#waiting);
    this.#askForRoom();
  }

  /** The holder takes no more. */
  leave(holder: BudgetHolder): void {
    this.#starving.delete(holder);
    this.#waiting.delete(holder);
  }

  #serve(holders: Set<BudgetHolder>): void {
    for (const next of holders) {
      // Who was told may not have needed the room any more.
      if (this.#taken >= this.#max) return;
      holders.delete(next);
      next.roomLeft();
    }
  }

  /** For each that holds none, has one given up. */
  #askForRoom(): void {
    while (this.#owed < this.#starving.size) {
      const richest = this.#richest();
      if (richest === undefined) return;
      const [holder, share] = richest;
      share.owed += 1;
      this.#owed += 1;
      holder.giveUpOne();
    }
  }

  #richest(): [BudgetHolder, Share] | undefined {
    let most = 0;
    let richest: [BudgetHolder, Share] | undefined;
    for (const entry of this.#shares) {
      const left = entry[1].held - entry[1].owed;
      if (left <= most) continue;
      most = left;
      richest = entry;
    }
    return richest;
  }
}
