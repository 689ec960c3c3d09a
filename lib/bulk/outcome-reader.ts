import { Deque } from '../smtp/deque.js';

interface Waiter<O> {
  readonly resolve: (result: IteratorResult<O, undefined>) => void;
  readonly reject: (error: unknown) => void;
}

/** How the outcomes end: with an error of the source, or without. */
interface End {
  readonly error?: { readonly thrown: unknown } | undefined;
}

/** Hands outcomes to whoever iterates, in the order in which they came. */
export class OutcomeReader<O> {
  readonly #ready = new Deque<O>();
  readonly #waiters = new Deque<Waiter<O>>();
  #end: End | undefined;

  /** How many wait to be read. */
  get size(): number {
    return this.#ready.size;
  }

  push(outcome: O): void {
    if (this.#end !== undefined) return;
    const waiter = this.#waiters.shift();
    if (waiter === undefined) this.#ready.push(outcome);
    else waiter.resolve({ done: false, value: outcome });
  }

  /** No more come. */
  end(error?: End['error']): void {
    if (this.#end !== undefined) return;
    this.#end = { error };
    for (let next = this.#waiters.shift(); next; next = this.#waiters.shift()) {
      this.#settle(next);
    }
  }

  /** Nobody reads them any more. */
  close(): void {
    this.end();
    while (this.#ready.size > 0) this.#ready.shift();
  }

  read(): Promise<IteratorResult<O, undefined>> {
    const value = this.#ready.shift();
    if (value !== undefined) return Promise.resolve({ done: false, value });
    return new Promise((resolve, reject) => {
      const waiter = { resolve, reject };
      if (this.#end === undefined) this.#waiters.push(waiter);
      else this.#settle(waiter);
    });
  }

  // An error is told once, as a generator does.
  #settle({ resolve, reject }: Waiter<O>): void {
    const error = this.#end?.error;
    this.#end = {};
    if (error === undefined) resolve({ done: true, value: undefined });
    else reject(error.thrown);
  }
}
