import type { Carrier } from '../delivery/carrier.js';

/** How a probe ended. */
export interface MailProbeResult {
  /** When, in milliseconds since 1970. */
  readonly at: number;

  /** Whether the relay answered; a connection that does not is replaced. */
  readonly ok: boolean;
}

/** Asks one instance's relay for a sign of life, now and then. */
export class NoopProbe {
  readonly #carrier: Pick<Carrier, 'noop'>;
  #askedAt = -Infinity;
  #latest: MailProbeResult | undefined;

  constructor(carrier: Pick<Carrier, 'noop'>) {
    this.#carrier = carrier;
  }

  /** How the latest one ended. */
  get latest(): MailProbeResult | undefined {
    return this.#latest;
  }

  /**
   * Asks, unless that was done within `intervalMs` or no connection is idle.
   * The answer is not waited for: a check must not take longer than the relay.
   */
  ask(intervalMs: number): void {
    const now = performance.now();
    if (intervalMs <= 0 || now - this.#askedAt < intervalMs) return;
    const before = this.#askedAt;
    this.#askedAt = now;
    void this.#carrier.noop().then((ok) => {
      if (ok === undefined) this.#askedAt = before;
      else this.#latest = { at: Date.now(), ok };
    });
  }
}
