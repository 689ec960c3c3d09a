import type { Fingerprint } from './fingerprint.js';

/** Slots for each fingerprint: with half of them free a search is short. */
const SLOTS_EACH = 2;

/** A set of at most so many fingerprints, in one piece of memory. */
export class FingerprintSet {
  /** Two words for each slot: both are 0 in a free one. */
  readonly #words: Int32Array;
  readonly #lastSlot: number;
  #size = 0;

  /** @param max - for how many it has room; it must not be given more */
  constructor(max: number) {
    const slots = 2 ** Math.ceil(Math.log2(SLOTS_EACH * max));
    this.#words = new Int32Array(2 * slots);
    this.#lastSlot = slots - 1;
  }

  get size(): number {
    return this.#size;
  }

  has(fingerprint: Fingerprint): boolean {
    return !isFree(this.#words, this.#find(fingerprint));
  }

  /** Returns whether it is a new one. */
  add(fingerprint: Fingerprint): boolean {
    const at = this.#find(fingerprint);
    if (!isFree(this.#words, at)) return false;
    this.#words[at] = fingerprint.low;
    this.#words[at + 1] = fingerprint.high;
    this.#size += 1;
    return true;
  }

  clear(): void {
    this.#words.fill(0);
    this.#size = 0;
  }

  /** Where its slot begins, or the free one that would be its. */
  #find({ low, high }: Fingerprint): number {
    const words = this.#words;
    const lastSlot = this.#lastSlot;
    let slot = low & lastSlot;
    for (;;) {
      const at = 2 * slot;
      const isIts = words[at] === low && words[at + 1] === high;
      if (isIts || isFree(words, at)) return at;
      slot = (slot + 1) & lastSlot;
    }
  }
}

function isFree(words: Int32Array, at: number): boolean {
  return words[at] === 0 && words[at + 1] === 0;
}
