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

/**
 * Remembers events in this process: the latest `max`, and at least half of
 * that many once it is full.
 */
export class MemorySeenEvents implements SeenEvents {
  readonly #half: number;
  #young = new Set<string>();
  #old: ReadonlySet<string> = new Set();

  /**
   * @param max - how many ids are kept, 100,000 by default: about 15 MB
   */
  constructor(max: number = DEFAULT_MAX) {
    this.#half = Math.max(1, Math.floor(max / 2));
  }

  /** How many are remembered. */
  get size(): number {
    return this.#young.size + this.#old.size;
  }

  enter(ids: readonly string[]): readonly boolean[] {
    return ids.map((id) => this.#enter(id));
  }

  #enter(id: string): boolean {
    if (this.#young.has(id)) return false;
    const isNew = !this.#old.has(id);
    if (!isNew) return false;
    if (this.#young.size >= this.#half) {
      // The older half goes as one: nothing is moved or counted per id.
      this.#old = this.#young;
      this.#young = new Set();
    }
    this.#young.add(id);
    return true;
  }
}
