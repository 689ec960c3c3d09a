// One worker of a fleet: keeps as many messages under way as it is told to.
import { Redis } from 'ioredis';
import pg from 'pg';
import { MailService } from '../../../lib/mail.service.js';
import { SILENT } from '../../../lib/options/log.js';
import { resolveOptions } from '../../../lib/options/resolve-options.js';
import type { SendGridSmtpOptions } from '../../../lib/options/sendgrid-smtp-options.js';
import type { FleetLimits } from '../../../lib/outbox/fleet/fleet-limits.js';
import type { FleetStore } from '../../../lib/outbox/fleet/fleet-store.js';
import { Fleet } from '../../../lib/outbox/fleet/fleet.js';
import { MailShareHolder } from '../../../lib/outbox/fleet/mail-share-holder.js';
import { PostgresFleetStore } from '../../../lib/outbox/fleet/postgres-fleet-store.js';
import { RedisFleetStore } from '../../../lib/outbox/fleet/redis-fleet-store.js';
import { openInstance } from '../../../lib/transport/open-instance.js';

/** What a worker is started with, as JSON. */
export interface FleetWorkerSettings {
  readonly storeUrl: string;
  readonly mail: SendGridSmtpOptions;
  readonly limits: FleetLimits;
  readonly leaseMs: number;
}

/** What it is told: how many messages to keep under way, or to leave. */
export type FleetWorkerOrder = { readonly load: number } | 'leave';

const settings: FleetWorkerSettings = JSON.parse(process.argv[2] ?? '');
const { storeUrl, mail, limits, leaseMs } = settings;

function openStore(): FleetStore {
  if (storeUrl.startsWith('redis:')) {
    const redis = new Redis(storeUrl, {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      retryStrategy: () => 100,
    });
    redis.on('error', () => undefined);
    return new RedisFleetStore(redis, 'fleet');
  }
  const pool = new pg.Pool({ connectionString: storeUrl, max: 2 });
  pool.on('error', () => undefined);
  return new PostgresFleetStore(pool, 'fleet');
}

const instance = openInstance(resolveOptions(mail), 'fleet', SILENT);
const service = new MailService(instance);
const holder = new MailShareHolder(instance, () => 0);
const store = openStore();
const fleet = new Fleet({ store, holder, limits, leaseMs, log: SILENT });
let load = 0;
let underWay = 0;

function fill(): void {
  for (; underWay < load; underWay += 1) {
    const message = { to: 'ada@example.com', subject: 'Hello', text: 'Hello' };
    void service
      .send(message, { lane: 'bulk' })
      // What a lost store costs is not this program's concern.
      .catch(() => undefined)
      .finally(() => {
        underWay -= 1;
        fill();
      });
  }
  fleet.nudge();
}

async function leave(): Promise<void> {
  load = 0;
  await service.drain({ timeoutMs: 2000 });
  await fleet.stop(1000);
  process.exit();
}

process.on('message', (order: FleetWorkerOrder) => {
  if (order === 'leave') return void leave();
  ({ load } = order);
  fill();
});
process.on('SIGTERM', () => void leave());
process.on('disconnect', () => process.exit());
await fleet.start();
process.send?.('started');
