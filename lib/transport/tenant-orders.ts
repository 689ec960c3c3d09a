import type { Carrier } from '../delivery/carrier.js';
import type { ResolvedRateLimit } from '../options/resolved-options.js';

/**
 * What was ordered for tenants while the application runs. It holds for their
 * pools whenever they are made.
 */
export class TenantOrders {
  readonly #pauses = new Map<string, string>();
  readonly #limits = new Map<string, ResolvedRateLimit | undefined>();
  #pauseOfAll: string | undefined;

  pauseAll(reason: string): void {
    this.#pauseOfAll = reason;
  }

  /** Ends the pause of all; those of single tenants stay. */
  resumeAll(): void {
    this.#pauseOfAll = undefined;
  }

  pause(id: string, reason: string): void {
    this.#pauses.set(id, reason);
  }

  /** Ends the pause of a tenant; that of all stays. */
  resume(id: string): void {
    this.#pauses.delete(id);
  }

  limit(id: string, limit: ResolvedRateLimit | undefined): void {
    this.#limits.set(id, limit);
  }

  /** Why a tenant's mail is held back, if it is. */
  pauseOf(id: string): string | undefined {
    return this.#pauseOfAll ?? this.#pauses.get(id);
  }

  /** Has a tenant's carrier pause or go on. */
  applyPause(id: string, carrier: Carrier): void {
    const reason = this.pauseOf(id);
    if (reason === undefined) carrier.resume();
    else carrier.pause(reason);
  }

  /** Has a new carrier follow all that holds for its tenant. */
  applyAll(id: string, carrier: Carrier): void {
    this.applyPause(id, carrier);
    if (this.#limits.has(id)) carrier.setRateLimit(this.#limits.get(id));
  }
}
