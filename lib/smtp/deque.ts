const INITIAL = 16;

/**
 * A double-ended queue over a ring buffer: every operation takes constant
 * time at any size, which `Array#shift` does not.
 */
export class Deque<T> {
  #ring: (T | undefined)[] = Array.from({ length: INITIAL });
  #head = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The first entry, left where it is. */
  peek(): T | undefined {
    return this.#size === 0 ? undefined : this.#ring[this.#head];
  }

  push(item: T): void {
    if (this.#size === this.#ring.length) this.#resize(this.#size * 2);
    this.#ring[(this.#head + this.#size) & (this.#ring.length - 1)] = item;
    this.#size += 1;
  }

  unshift(item: T): void {
    if (this.#size === this.#ring.length) this.#resize(this.#size * 2);
    this.#head = (this.#head - 1) & (this.#ring.length - 1);
    this.#ring[this.#head] = item;
    this.#size += 1;
  }

  shift(): T | undefined {
    if (this.#size === 0) return undefined;
    const item = this.#ring[this.#head];
    this.#ring[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#ring.length - 1);
    this.#size -= 1;
    if (this.#size === 0 && this.#ring.length > 4096) this.#resize(INITIAL);
    return item;
  }

  *[Symbol.iterator](): Generator<T> {
    for (let i = 0; i < this.#size; i += 1) {
      const item = this.#ring[(this.#head + i) & (this.#ring.length - 1)];
      if (item !== undefined) yield item;
    }
  }

  /** Called only when it is full, or empty. */
  #resize(length: number): void {
    const [ring, head] = [this.#ring, this.#head];
    // In two pieces: one by one, a million entries are a noticeable pause.
    this.#ring =
      this.#size === 0 ? [] : ring.slice(head).concat(ring.slice(0, head));
    this.#ring.length = length;
    this.#head = 0;
  }
}
