import type { FleetStore } from '../../../../../lib/outbox/fleet/fleet-store.js';

/** One worker's connection to a {@link MemoryFleetStore}. */
export class MemoryLine implements FleetStore {
  readonly #store: MemoryFleetStore;

  /** Whether it works, fails, never answers, or answers nobody. */
  state: 'up' | 'down' | 'hangs' | 'deaf' = 'up';
  swaps = 0;

  /** How long an answer is under way. */
  answersAfterMs = 0;

  constructor(store: MemoryFleetStore) {
    this.#store = store;
  }

  async swap(
    before: string | undefined,
    after: string,
  ): Promise<string | undefined> {
    this.swaps += 1;
    if (this.state === 'down') throw new Error('connect ECONNREFUSED');
    if (this.state !== 'hangs') this.#store.swap(before, after);
    if (this.state !== 'up') return new Promise(() => undefined);
    const { text } = this.#store;
    if (this.answersAfterMs === 0) return text;
    return new Promise((resolve) => {
      setTimeout(() => resolve(text), this.answersAfterMs);
    });
  }
}

/** Keeps a fleet's record in memory. */
export class MemoryFleetStore {
  text: string | undefined;

  line(): MemoryLine {
    return new MemoryLine(this);
  }

  swap(before: string | undefined, after: string): void {
    if (this.text === before) this.text = after;
  }
}
