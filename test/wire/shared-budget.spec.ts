import { afterEach, describe, expect, it } from 'vitest';

import type { Deliveries } from '../../lib/delivery/deliveries.js';
import { ConnectionBudget } from '../../lib/pool/connection-budget.js';
import { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import { deliveriesTo, outgoing, send } from '../support/relay.js';

const BACKLOG = 1500;

let relay: FakeSendGrid;
const open: Deliveries[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.drain(1)));
  await relay.stop();
  ConnectionBudget.renew(relay.host);
});

/** A relay that this process may open so many connections to. */
async function start(max: number): Promise<() => Deliveries> {
  relay = await FakeSendGrid.start({ parse: false, latencyMs: 2 });
  ConnectionBudget.renew(relay.host, max);
  return () => {
    const made = deliveriesTo(relay, { pool: { maxConnections: 4 } });
    open.push(made);
    return made;
  };
}

function fill(deliveries: Deliveries): Promise<unknown> {
  const sends = Array.from({ length: BACKLOG }, (_, n) =>
    send(deliveries, outgoing(n)),
  );
  return Promise.allSettled(sends);
}

describe('a pool that comes when every connection is taken', () => {
  it.each([4, 1])(
    'sends long before the others are done, of %i',
    async (max) => {
      const make = await start(max);
      const busy = make();
      const filled = fill(busy);
      await relay.waitUntil(({ accepted }) => accepted > 100);
      const late = make();

      await send(late, outgoing('late'));

      // However many wait, few have overtaken it.
      expect(busy.stats().totals.pending).toBeGreaterThan(BACKLOG / 2);
      await late.drain(5000);
      await filled;
      expect(busy.stats().totals.accepted).toBe(BACKLOG);
      expect(relay.counters.maxOpen).toBeLessThanOrEqual(max);
      expect(relay.counters.closedWithoutQuit).toBe(0);
    },
  );

  it('shares one connection in turns with others that have as much', async () => {
    const make = await start(1);
    const pools = [make(), make(), make()];
    const fills = pools.map(async (pool) => {
      const sends = Array.from({ length: 60 }, (_, n) =>
        send(pool, outgoing(n)),
      );
      await Promise.all(sends);
      return pools.map((one) => one.stats().totals.accepted);
    });

    const [first] = await Promise.all(fills);

    // None had nothing while the first had all of its own.
    expect(Math.min(...(first ?? []))).toBeGreaterThan(30);
    expect(relay.counters).toMatchObject({ accepted: 180, maxOpen: 1 });
  });
});
