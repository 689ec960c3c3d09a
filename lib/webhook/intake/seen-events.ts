import { InvalidOptionsError } from '../../errors/invalid-options.error.js';
import { FingerprintSet } from './fingerprint-set.js';
import { Fingerprint } from './fingerprint.js';

/** Remembers which events were handled, so that those posted again are not. */
export interface SeenEvents {
  /**
   * Enters the ids (`sg_event_id`) of some events, and answers for each, in
   * order, whether it was new. An id that occurs twice is new the first time.
   *
   * When it throws or rejects, the events are handled as new ones.
   */
  enter(
    ids: readonly string[],
  ): readonly boolean[] | Promise<readonly boolean[]>;
}

const DEFAULT_MAX = 100_000;
const MOST = 50_000_000;

/**
 * Remembers events in this process: the latest `max`, and at least half of
 * that many once it is full. It keeps 64 bits of each id: one new event in 10^14
 * is taken for a seen one.
 */
export class MemorySeenEvents implements SeenEvents {
  readonly #half: number;
  readonly #fingerprint = new Fingerprint();
  #young: FingerprintSet;
  #old: FingerprintSet;

  /**
   * @param max - how many ids are kept, 100,000 by default: 2 MB
   * @throws InvalidOptionsError when `max` is not a number from 1 to 50,000,000
   */
  constructor(max: number = DEFAULT_MAX) {
    if (!(max >= 1 && max <= MOST)) throw invalidMax(max);
    this.#half = Math.max(1, Math.floor(max / 2));
    this.#young = new FingerprintSet(this.#half);
    this.#old = new FingerprintSet(this.#half);
  }

  /** How many are remembered. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }

  enter(ids: readonly string[]): readonly boolean[] {
    return ids.map((id) => this.#enter(id));
  }

  #enter(id: string): boolean {
    const fingerprint = this.#fingerprint;
    fingerprint.read(id);
    if (this.#old.has(fingerprint)) return false;
    const isFull = this.#young.size >= this.#half;
    if (isFull && !this.#young.has(fingerprint)) this.#forgetOld();
    return this.#young.add(fingerprint);
  }

  /** The older half goes as one: nothing is moved or counted per id. */
  #forgetOld(): void {
    this.#old.clear();
    [this.#young, this.#old] = [this.#old, this.#young];
  }
}

function invalidMax(max: unknown): InvalidOptionsError {
  const problem = `takes a number of ids from 1 to ${MOST}, got ${String(max)}`;
  return new InvalidOptionsError(
    [{ option: 'new MemorySeenEvents(max)', problem }],
    'SendGridWebhookModule',
  );
}
