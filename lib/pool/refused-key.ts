import { keyFingerprint } from '../options/key-fingerprint.js';
import type { KeySource } from '../options/key-source.js';
import type { Secret } from '../options/secret.js';

/** How often a function is asked whether there is another key by now. */
const POLL_MS = 30_000;

/** What {@link RefusedKey} tells. */
export interface RefusedKeyEvents {
  /** There is another key than the refused one: set-ups may start at once. */
  replaced(): void;

  /** The refusal stands: there is no other key. */
  stands(): void;

  /** After it stood, there is another key now: it is worth a probe. */
  worthTrying(): void;
}

/**
 * What follows when the relay refuses a key. A function is asked for another
 * one, once at once and then now and again, until the relay takes a key.
 */
export class RefusedKey {
  readonly #keys: KeySource;
  readonly #events: RefusedKeyEvents;
  /** Fingerprints of what was refused in vain since the relay last took a key. */
  readonly #refused = new Set<string>();
  #asked = false;
  #asking = false;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(keys: KeySource, events: RefusedKeyEvents) {
    this.#keys = keys;
    this.#events = events;
  }

  /** Whether another key is being asked for, without which none need try. */
  get asking(): boolean {
    return this.#asking;
  }

  /**
   * A key was refused. `stands` when nothing better is known; `outdated` when
   * another is in use by now; `asking` when an event will tell.
   */
  refused(key: Secret | undefined): 'stands' | 'outdated' | 'asking' {
    if (key !== this.#keys.current) return 'outdated';
    if (this.#asking) return 'asking';
    if (this.#asked || !this.#keys.renewable) {
      this.#stand(key);
      return 'stands';
    }
    this.#asked = true;
    void this.#askFor(key);
    return 'asking';
  }

  /** The relay has taken a key. */
  taken(): void {
    this.#asked = false;
    this.#refused.clear();
    clearTimeout(this.#timer);
  }

  /** Asks no more. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #askFor(key: Secret | undefined): Promise<void> {
    this.#asking = true;
    const replaced = await this.#keys.renew(key);
    this.#asking = false;
    if (replaced) return this.#events.replaced();
    this.#stand(key);
    this.#events.stands();
  }

  #stand(key: Secret | undefined): void {
    if (key !== undefined) this.#refused.add(keyFingerprint(key));
    clearTimeout(this.#timer);
    if (this.#stopped || !this.#keys.renewable) return;
    this.#timer = setTimeout(() => void this.#poll(), POLL_MS);
    this.#timer.unref();
  }

  async #poll(): Promise<void> {
    const before = this.#keys.current;
    await this.#keys.renew(before);
    const { current } = this.#keys;
    if (this.#stopped || !this.#asked) return;
    if (current !== undefined && !this.#refused.has(keyFingerprint(current))) {
      this.#events.worthTrying();
    }
    this.#stand(undefined);
  }
}
