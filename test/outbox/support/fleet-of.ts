import { Redis } from 'ioredis';
import pg from 'pg';
import { onTestFinished } from 'vitest';

import { SILENT } from '../../../lib/options/log.js';
import type { SendGridSmtpOptions } from '../../../lib/options/sendgrid-smtp-options.js';
import type { FleetLimits } from '../../../lib/outbox/fleet/fleet-limits.js';
import type { FleetStore } from '../../../lib/outbox/fleet/fleet-store.js';
import { Fleet } from '../../../lib/outbox/fleet/fleet.js';
import { PostgresFleetStore } from '../../../lib/outbox/fleet/postgres-fleet-store.js';
import { RedisFleetStore } from '../../../lib/outbox/fleet/redis-fleet-store.js';
import type { StoreServer } from '../../support/stores/store-server.js';
import { FleetProcess } from './fleet-process.js';

/** Of the fleets in tests: a stall of a fifth is no fault. */
export const LEASE_MS = 6000;

/** The store of a fleet, over a connection that ends with the test. */
export function fleetStore(
  server: Pick<StoreServer, 'url'>,
  name = 'fleet',
): FleetStore {
  if (server.url.startsWith('redis:')) {
    const redis = new Redis(server.url, { retryStrategy: () => 100 });
    redis.on('error', () => undefined);
    onTestFinished(() => redis.disconnect());
    return new RedisFleetStore(redis, name);
  }
  const pool = new pg.Pool({ connectionString: server.url, max: 4 });
  // The server may go before the pool's last connection has ended.
  pool.on('error', () => undefined);
  onTestFinished(() => pool.end());
  return new PostgresFleetStore(pool, name);
}

/** What looks at a fleet and gives it orders, without a share of its own. */
export function onlooker(server: StoreServer, limits: FleetLimits): Fleet {
  const nothing = { connections: 0, messages: 0 };
  const holder = {
    usage: nothing,
    demand: nothing,
    take: () => undefined,
    drop: () => undefined,
  };
  const store = fleetStore(server);
  return new Fleet({ store, holder, limits, leaseMs: LEASE_MS, log: SILENT });
}

/** Four workers that may each use all there is. */
export async function fourWorkers(
  server: StoreServer,
  relay: { readonly options: SendGridSmtpOptions },
  limits: FleetLimits,
): Promise<FleetProcess[]> {
  const settings = {
    storeUrl: server.url,
    limits,
    leaseMs: LEASE_MS,
    mail: {
      ...relay.options,
      defaults: { from: 'Shop <hello@shop.example>' },
      pool: { maxConnections: limits.maxConnections, idleTimeoutMs: 60_000 },
    },
  };
  const workers = await Promise.all(
    [1, 2, 3, 4].map(() => FleetProcess.start(settings)),
  );
  onTestFinished(async () => {
    await Promise.all(workers.map((worker) => worker.kill()));
  });
  return workers;
}
