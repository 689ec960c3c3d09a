import { forgetOldest } from '../../options/forget-oldest.js';
import type {
  SuppressionList,
  SuppressionReason,
} from '../../options/suppression-list.js';

/** Keeps the addresses that are sent no mail: written here, read before sending. */
export interface SuppressionStore extends SuppressionList {
  /** Enters an address, given in lower case. Entered again, it has the new reason. */
  add(address: string, reason: SuppressionReason): void | Promise<void>;
}

const DEFAULT_MAX = 100_000;

/** Keeps them in this process: the latest `max`. For one process, and tests. */
export class MemorySuppressions implements SuppressionStore {
  readonly #max: number;
  readonly #reasons = new Map<string, SuppressionReason>();

  /** @param max - how many addresses are kept, 100,000 by default */
  constructor(max: number = DEFAULT_MAX) {
    this.#max = Math.max(1, max);
  }

  /** How many addresses are kept. */
  get size(): number {
    return this.#reasons.size;
  }

  add(address: string, reason: SuppressionReason): void {
    const key = address.toLowerCase();
    this.#reasons.delete(key);
    this.#reasons.set(key, reason);
    forgetOldest(this.#reasons, this.#max);
  }

  /** Sends mail to an address again. */
  delete(address: string): void {
    this.#reasons.delete(address.toLowerCase());
  }

  reasonsFor(
    addresses: readonly string[],
  ): readonly (SuppressionReason | undefined)[] {
    return addresses.map((one) => this.#reasons.get(one.toLowerCase()));
  }
}
