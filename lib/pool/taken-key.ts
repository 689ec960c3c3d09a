import type { KeySource } from '../options/key-source.js';
import type { Secret } from '../options/secret.js';

/** The key that the relay was seen to take last. */
export class TakenKey {
  readonly #keys: KeySource;
  #latest: Secret | undefined;

  constructor(keys: KeySource) {
    this.#keys = keys;
  }

  /** The relay has taken a key: whether it is a new one, or one given up since. */
  seen(key: Secret | undefined): 'new' | 'known' | 'outdated' {
    const before = this.#latest;
    if (key === before) return 'known';
    if (key !== this.#keys.current) {
      return before === undefined ? 'known' : 'outdated';
    }
    this.#latest = key;
    return 'new';
  }
}
