import type { MailInstance } from '../../transport/mail-instance.js';
import type { Amounts } from './fleet-record.js';
import type { FleetShare, ShareHolder } from './share-holder.js';
import { sameRate } from './shares.js';

/**
 * Has a mail instance keep to a share of its fleet's limits. Its tenants have
 * pools and limits of their own, which no fleet shares.
 */
export class MailShareHolder implements ShareHolder {
  readonly #instance: MailInstance;
  readonly #backlog: () => number;
  #share: FleetShare | undefined;

  /** `backlog` tells how many messages more this process could take on. */
  constructor(instance: MailInstance, backlog: () => number) {
    this.#instance = instance;
    this.#backlog = backlog;
  }

  get usage(): Amounts {
    return this.#instance.open().carrier.usage;
  }

  get demand(): Amounts {
    const { maxConnections } = this.#instance.options.pool;
    const { messages } = this.#instance.stats().queue;
    const wanted = messages + this.#backlog();
    return {
      connections: Math.min(wanted, maxConnections),
      messages: wanted,
    };
  }

  take(share: FleetShare): void {
    const { carrier, options } = this.#instance.open();
    const { connections, rate, paused } = share;
    const before = this.#share;
    this.#share = share;
    carrier.limitConnections(connections);
    if (!sameRate(rate, before?.rate)) {
      carrier.setRateLimit(rate ?? options.rateLimit);
    }
    if (paused !== before?.paused) this.#pause(paused, before?.paused);
  }

  drop(): void {
    this.#instance.open().carrier.dropConnections();
  }

  /** What this process was paused for by itself stays paused. */
  #pause(reason: string | undefined, before: string | undefined): void {
    const { paused } = this.#instance.stats();
    if (paused !== undefined && paused !== before) return;
    if (reason === undefined) this.#instance.resume();
    else this.#instance.pause(reason);
  }
}
