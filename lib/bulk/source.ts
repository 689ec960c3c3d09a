/** What a run takes its messages from, asked for one at a time. */
export class Source<T> {
  readonly #items: Iterable<T> | AsyncIterable<T>;
  #iterator: Iterator<T> | AsyncIterator<T> | undefined;
  #asking = false;
  #closed = false;

  constructor(items: Iterable<T> | AsyncIterable<T>) {
    this.#items = items;
  }

  /** Asks for the next one; throws, or rejects, what the source does. */
  next(): IteratorResult<T> | Promise<IteratorResult<T>> {
    this.#iterator ??= iterate(this.#items);
    this.#asking = true;
    try {
      return this.#iterator.next();
    } finally {
      this.#asking = false;
      // It had itself stopped, which a running generator does not take.
      if (this.#closed) this.#return();
    }
  }

  /**
   * Tells it that nothing more is wanted. Waits for nothing: a generator that
   * waits for something itself ends only when that has come.
   */
  close(): void {
    this.#closed = true;
    if (!this.#asking) this.#return();
  }

  #return(): void {
    try {
      const returned: unknown = this.#iterator?.return?.();
      // As below.
      if (returned instanceof Promise) returned.catch(() => undefined);
    } catch {
      // Why the run has stopped is known already, and matters more.
    }
  }
}

function iterate<T>(
  items: Iterable<T> | AsyncIterable<T>,
): Iterator<T> | AsyncIterator<T> {
  return Symbol.asyncIterator in items
    ? items[Symbol.asyncIterator]()
    : items[Symbol.iterator]();
}
