import { forgetOldest } from '../options/forget-oldest.js';

/** Locales come from requests, so there may be any number of them. */
const MOST = 1000;

interface Entry<Value> {
  readonly at: number;
  readonly value: Promise<Value>;
}

/** What was made, for a time. Made once, also when many ask at once. */
export class TemplateCache<Value> {
  readonly #entries = new Map<string, Entry<Value>>();
  readonly #ms: number;

  /** @param ms - how long each is kept; 0 keeps none */
  constructor(ms: number) {
    this.#ms = ms;
  }

  get(key: string, make: () => Promise<Value>): Promise<Value> {
    if (this.#ms === 0) return make();
    const kept = this.#entries.get(key);
    const now = performance.now();
    if (kept !== undefined && now - kept.at < this.#ms) return kept.value;
    const entry = { at: now, value: make() };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    forgetOldest(this.#entries, MOST);
    entry.value.catch(() => {
      // Another attempt may succeed.
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
    });
    return entry.value;
  }

  clear(): void {
    this.#entries.clear();
  }
}
