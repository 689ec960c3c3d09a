import { askForKey, type KeyFunction } from './ask-for-key.js';
import { keyFingerprint } from './key-fingerprint.js';
import { NoKeyError } from './no-key-error.js';
import { Secret } from './secret.js';

/** How long a function's answer is used before the function is asked again. */
const REUSED_MS = 30_000;

/** Who is told what becomes of the key; keys are named by their fingerprints. */
export interface KeyListener {
  /** New connections use another key from now on. */
  changed(current: string, previous: string): void;

  /**
   * The function gave no key, the `streak`th time in a row; `kept` is the one
   * that stays in use.
   */
  failed(error: NoKeyError, streak: number, kept: string | undefined): void;
}

/**
 * The API key of one instance: a constant, or a function that is asked for new
 * connections. Whatever it answers, the last good key stays in use until it
 * gives another.
 */
export class KeySource {
  readonly #ask: KeyFunction | undefined;
  readonly #patienceMs: number;
  readonly #listener: KeyListener;
  #current: Secret | undefined;
  #askedAt = -Infinity;
  #underWay: Promise<Secret> | undefined;
  #streak = 0;

  constructor(
    given: Secret<string | KeyFunction> | undefined,
    patienceMs: number,
    listener: KeyListener,
  ) {
    const key = given?.reveal();
    this.#ask = typeof key === 'function' ? key : undefined;
    this.#current = typeof key === 'string' ? new Secret(key) : undefined;
    this.#patienceMs = patienceMs;
    this.#listener = listener;
  }

  /** The last good key: always the same object for the same key. */
  get current(): Secret | undefined {
    return this.#current;
  }

  /** Names the last good key without revealing it. */
  get fingerprint(): string | undefined {
    return this.#current && keyFingerprint(this.#current);
  }

  /** Whether there is a function to ask. */
  get renewable(): boolean {
    return this.#ask !== undefined;
  }

  /**
   * The key for a new connection, at once where none has to be asked for;
   * `undefined` for a relay that takes mail without one. Calls made while the
   * function is asked share its answer.
   *
   * @throws NoKeyError when there has never been a good key
   */
  get(): Secret | undefined | Promise<Secret> {
    if (this.#underWay !== undefined) return this.#underWay;
    const fresh = performance.now() - this.#askedAt < REUSED_MS;
    const good = fresh && this.#current !== undefined;
    if (this.#ask === undefined || good) return this.#current;
    return this.#renewed(this.#ask);
  }

  /** Asks at once for another key than a refused one; tells whether there is one. */
  async renew(refused: Secret | undefined): Promise<boolean> {
    if (this.#ask !== undefined && this.#current === refused) {
      // A failure has been reported and keeps the key, which is the answer.
      await this.#renewed(this.#ask).catch(() => undefined);
    }
    return this.#current !== refused;
  }

  #renewed(ask: KeyFunction): Promise<Secret> {
    this.#underWay ??= this.#asked(ask);
    return this.#underWay;
  }

  async #asked(ask: KeyFunction): Promise<Secret> {
    try {
      return this.#take(await askForKey(ask, this.#patienceMs, this.#current));
    } catch (error) {
      return this.#keep(error);
    } finally {
      this.#underWay = undefined;
      this.#askedAt = performance.now();
    }
  }

  #take(key: string): Secret {
    this.#streak = 0;
    const previous = this.#current;
    if (previous?.reveal() === key) return previous;
    const current = new Secret(key);
    this.#current = current;
    if (previous !== undefined) {
      this.#listener.changed(keyFingerprint(current), keyFingerprint(previous));
    }
    return current;
  }

  #keep(error: unknown): Secret {
    if (!(error instanceof NoKeyError)) throw error;
    this.#streak += 1;
    this.#listener.failed(error, this.#streak, this.fingerprint);
    if (this.#current === undefined) throw error;
    return this.#current;
  }
}
