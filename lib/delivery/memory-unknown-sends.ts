import {
  isAbout,
  type NamedMail,
  type SettledSend,
  type UnknownSend,
  type UnknownSendStore,
} from '../options/unknown-send-store.js';

const DEFAULT_MAX = 10_000;

interface Kept {
  readonly send: UnknownSend;
  by: NamedMail | undefined;
}

/** Remembers sends of unknown outcome in this process: the latest `max`. */
export class MemoryUnknownSends implements UnknownSendStore {
  readonly #max: number;
  /** By id, the oldest first. */
  readonly #sends = new Map<string, Kept>();
  /** By Message-ID and correlation id: parts of a message share them. */
  readonly #named = new Map<string, Set<Kept>>();

  /** @param max - how many are kept, 10,000 by default */
  constructor(max: number = DEFAULT_MAX) {
    this.#max = Math.max(1, max);
  }

  /** How many are remembered. */
  get size(): number {
    return this.#sends.size;
  }

  add(send: UnknownSend): void {
    this.remove(send);
    const kept: Kept = { send, by: undefined };
    this.#sends.set(send.id, kept);
    for (const name of namesOf(send)) {
      const others = this.#named.get(name) ?? new Set();
      this.#named.set(name, others.add(kept));
    }
    if (this.#sends.size <= this.#max) return;
    const [oldest] = this.#sends.values();
    if (oldest !== undefined) this.remove(oldest.send);
  }

  settle(named: readonly NamedMail[]): readonly SettledSend[] {
    return this.#sends.size === 0
      ? []
      : named.flatMap((by) => this.#settleOne(by));
  }

  settledBy({ id }: UnknownSend): NamedMail | undefined {
    return this.#sends.get(id)?.by;
  }

  remove({ id }: UnknownSend): void {
    const kept = this.#sends.get(id);
    if (kept === undefined) return;
    this.#sends.delete(id);
    for (const name of namesOf(kept.send)) {
      const others = this.#named.get(name);
      others?.delete(kept);
      if (others?.size === 0) this.#named.delete(name);
    }
  }

  #settleOne(by: NamedMail): SettledSend[] {
    const settled: SettledSend[] = [];
    for (const name of namesOf(by)) {
      for (const kept of this.#named.get(name) ?? []) {
        const { send } = kept;
        if (kept.by !== undefined || !isAbout(send, by)) continue;
        kept.by = by;
        settled.push({ send, by });
        // What waits asks for it itself, and then removes it.
        if (!send.waits) this.remove(send);
      }
    }
    return settled;
  }
}

function namesOf({ mailId, messageId }: NamedMail): string[] {
  return [mailId, messageId].filter((name) => name !== undefined);
}
