import type { ConnectionError } from '../smtp/connection-error.js';

const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 30_000;

/** A refused key is tried again after 1, 5, 15 and then every 60 minutes. */
const REFUSED_KEY_DELAYS_MS = [60_000, 300_000, 900_000, 3_600_000];

/** What the gate knows while it is shut. */
export interface Closure {
  /** Since when no message could be brought through, on the monotonic clock. */
  readonly since: number;

  /** When the next probe may start. */
  readonly retryAt: number;

  /** Why the latest attempt failed. */
  readonly error: ConnectionError;
}

/**
 * Decides when connections may be set up. A failure never settles a message:
 * it shuts the gate, and one probe at a time, ever later, finds recovery.
 */
export class ConnectGate {
  readonly #random: () => number;
  #closure: Closure | undefined;
  #failures = 0;
  #failedAt = -Infinity;
  #since: number | undefined;
  #openedAt = 0;

  constructor(random: () => number = Math.random) {
    this.#random = random;
  }

  get closure(): Closure | undefined {
    return this.#closure;
  }

  /** Whether the relay refused the key the last time it was asked. */
  get keyRefused(): boolean {
    return this.#closure?.error.credentialsRefused ?? false;
  }

  /** Whether nothing has been brought through since the latest failure. */
  get troubled(): boolean {
    return this.#since !== undefined;
  }

  /** How many set-ups may start now, `connecting` being under way. */
  allowance(connecting: number): number {
    if (this.#closure === undefined) return Infinity;
    const due = performance.now() >= this.#closure.retryAt;
    return due && connecting === 0 ? 1 : 0;
  }

  /** An attempt that started at `startedAt` has failed. */
  failed(error: ConnectionError, startedAt: number): void {
    const now = performance.now();
    // Attempts made side by side fail together: that is one failure, unless
    // one of them has opened the gate in between.
    const known = this.keyRefused || !error.credentialsRefused;
    const together = startedAt < this.#failedAt && this.#closure !== undefined;
    if (together && known) return;
    this.#failedAt = now;
    this.#forgetOld(now);
    const delay = this.#delayAfter(error);
    this.#failures += 1;
    this.#since ??= now;
    const since = this.#since;
    const reason = this.#reasonAfter(error);
    this.#closure = { since, retryAt: now + delay, error: reason };
  }

  /** What lies behind a long time of being open has no part in this failure. */
  #forgetOld(now: number): void {
    const open = this.#closure === undefined;
    if (open && now - this.#openedAt > MAX_DELAY_MS) this.proven();
  }

  /** A refused key stays the reason until the relay takes one, whatever else fails. */
  #reasonAfter(error: ConnectionError): ConnectionError {
    if (error.credentialsRefused || this.#closure === undefined) return error;
    return this.keyRefused ? this.#closure.error : error;
  }

  #delayAfter(error: ConnectionError): number {
    const refused = error.credentialsRefused || this.keyRefused;
    if (refused) return this.#refusedKeyDelay();
    const longest = Math.min(
      MAX_DELAY_MS,
      FIRST_DELAY_MS * 2 ** this.#failures,
    );
    return this.#random() * longest;
  }

  /**
   * A connection is set up: more may follow, unless another has failed since
   * it was started at `startedAt`. A relay that logs in and goes would be
   * called on without a pause otherwise.
   */
  succeeded(startedAt: number): void {
    if (startedAt < this.#failedAt) return;
    this.#openedAt = performance.now();
    this.#closure = undefined;
  }

  /** Lets a probe start now, since the reason may be gone; counts delays anew. */
  probeNow(): void {
    if (this.#closure === undefined) return;
    this.#failures = 0;
    this.#closure = { ...this.#closure, retryAt: performance.now() };
  }

  /** A connection has brought a message through: all is well again. */
  proven(): void {
    this.#failures = 0;
    this.#since = undefined;
    this.#closure = undefined;
  }

  #refusedKeyDelay(): number {
    if (!this.keyRefused) this.#failures = 0;
    const last = REFUSED_KEY_DELAYS_MS.length - 1;
    return (
      REFUSED_KEY_DELAYS_MS[Math.min(this.#failures, last)] ?? MAX_DELAY_MS
    );
  }
}
