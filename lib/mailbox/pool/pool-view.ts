import type { Carrier } from '../../delivery/carrier.js';
import type { Mailbox, ShownInstance } from '../mailbox.js';
import { EndingRate } from './ending-rate.js';
import type { MailboxPool, MailboxPoolPart } from './mailbox-pool.js';

const SHOWN_CONNECTIONS = 256;

/** What the pools of the instances do. */
export class PoolView {
  readonly #mailbox: Mailbox;
  #rates = new Map<string, EndingRate>();

  constructor(mailbox: Mailbox) {
    this.#mailbox = mailbox;
  }

  snapshot(): MailboxPool {
    const before = this.#rates;
    // Those of tenants whose pools are gone are forgotten.
    this.#rates = new Map();
    const parts = this.#mailbox.shown.flatMap((shown) =>
      shown.instance.carriers.map(([tenant, carrier]) => {
        const key = JSON.stringify([shown.name, tenant]);
        const rate = before.get(key) ?? new EndingRate();
        this.#rates.set(key, rate);
        return partOf(shown, tenant, carrier, rate);
      }),
    );
    return { at: Date.now(), parts };
  }
}

function partOf(
  { name, instance }: ShownInstance,
  tenant: string | undefined,
  carrier: Carrier,
  rate: EndingRate,
): MailboxPoolPart {
  const { mode, relay, pool, queue, rateLimit } = instance.options;
  const stats = carrier.stats();
  return {
    instance: name,
    tenant,
    mode,
    relay: mode === 'smtp' ? `${relay.host}:${relay.port}` : undefined,
    maxConnections: pool.maxConnections,
    maxQueued: queue.maxMessages,
    rateLimit: rateLimit && { ...rateLimit, used: carrier.usage.messages },
    perSecond: rate.next(stats.totals, performance.now()),
    stats,
    connections: carrier.connections().slice(0, SHOWN_CONNECTIONS),
  };
}
