import type { ResolvedRetryOptions } from '../options/resolved-options.js';
import type { Lane } from '../pool/lane.js';

/** When a message that was refused for now is tried again. */
export class RetryPolicy {
  readonly #options: ResolvedRetryOptions;
  readonly #random: () => number;

  constructor(options: ResolvedRetryOptions, random = Math.random) {
    this.#options = options;
    this.#random = random;
  }

  /** What becomes of a message of unknown outcome. */
  get onUnknown(): ResolvedRetryOptions['onUnknown'] {
    return this.#options.onUnknown;
  }

  /** How long an event may take to settle such a message, in milliseconds. */
  get reconcileMs(): number {
    return this.#options.reconcileMs;
  }

  /** How old a message of this lane may be when an attempt begins, in milliseconds. */
  maxAgeMs(lane: Lane): number {
    return this.#options.maxAgeMs[lane];
  }

  /**
   * How long to wait after `answered` attempts, in milliseconds; `undefined`
   * when none is left to a message of this age.
   */
  delayMs(answered: number, lane: Lane, ageMs: number): number | undefined {
    const { maxAttempts, baseDelayMs, maxDelayMs } = this.#options;
    if (answered >= maxAttempts) return undefined;
    const longest = Math.min(maxDelayMs, baseDelayMs * 2 ** (answered - 1));
    // Full jitter: those refused together do not come back together.
    const delay = this.#random() * longest;
    return ageMs + delay <= this.maxAgeMs(lane) ? delay : undefined;
  }
}
