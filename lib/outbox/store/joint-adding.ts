import { setImmediate as nextTurn } from 'node:timers/promises';
import { Deadline } from './deadline.js';
import { CALL_MS, LATE } from './store-connection.js';
import { storeUnavailable } from './store-error.js';

/** Something to be put in, and the one who waits for it. */
interface Wish<T> {
  readonly item: T;
  readonly deadline: Deadline;
  begun: boolean;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** How many items one command puts in. */
const MOST = 500;

/**
 * Puts in with one command what several callers ask for at once, or while the
 * command before is under way.
 */
export class JointAdding<T> {
  readonly #put: (items: readonly T[]) => Promise<unknown>;
  #wishes: Wish<T>[] = [];
  #busy = false;

  /** @param put - puts in all or none, within the time of a call */
  constructor(put: (items: readonly T[]) => Promise<unknown>) {
    this.#put = put;
  }

  /**
   * Resolves once it is in. What its caller does not wait for any more is not
   * begun.
   *
   * @throws MailError `STORE_UNAVAILABLE`, and what `put` throws
   */
  add(item: T): Promise<void> {
    const deadline = new Deadline(CALL_MS);
    const state = { item, deadline, begun: false };
    const added = new Promise<void>((resolve, reject) => {
      this.#wishes.push(Object.assign(state, { resolve, reject }));
      if (!this.#busy) void this.#begin();
    });
    return deadline.of(added, () =>
      storeUnavailable(LATE, state.begun ? 'maybe-done' : 'not-reached'),
    );
  }

  async #begin(): Promise<void> {
    this.#busy = true;
    await nextTurn();
    this.#goOn();
  }

  #goOn(): void {
    const taken = this.#wishes.slice(0, MOST);
    this.#wishes = this.#wishes.slice(MOST);
    this.#busy = taken.length > 0;
    if (!this.#busy) return;
    const wanted = taken.filter(({ deadline }) => !deadline.isOver);
    void this.#fulfil(wanted).then(() => this.#goOn());
  }

  /** Never rejects. */
  async #fulfil(wishes: readonly Wish<T>[]): Promise<void> {
    if (wishes.length === 0) return;
    for (const wish of wishes) wish.begun = true;
    try {
      await this.#put(wishes.map(({ item }) => item));
      for (const { resolve } of wishes) resolve();
    } catch (error) {
      for (const { reject } of wishes) reject(error);
    }
  }
}
