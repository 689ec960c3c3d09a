import { PostgresQueueBackend, RedisQueueBackend } from 'bullmq';
import type { PostgresQueries } from '../fleet/postgres-fleet-store.js';
import type { RedisCommands } from '../fleet/redis-fleet-store.js';
import type { JobQueue } from './engine.js';

/** The store itself, for what the engine has no words for. */
export type BeneathEngine =
  | { readonly kind: 'redis'; readonly commands: RedisCommands }
  | { readonly kind: 'postgres'; readonly queries: PostgresQueries };

/** The store that a queue is in, over the queue's own connection. */
export async function beneath(queue: JobQueue): Promise<BeneathEngine> {
  const backend = queue.getBackend();
  if (backend instanceof PostgresQueueBackend) {
    return { kind: 'postgres', queries: backend.connection.pool };
  }
  const client: unknown =
    backend instanceof RedisQueueBackend && (await backend.client);
  if (!runsScripts(client)) throw new Error('This engine runs no scripts');
  return { kind: 'redis', commands: client };
}

// BullMQ hands on what it does not know to ioredis.
function runsScripts(client: unknown): client is RedisCommands {
  return typeof Reflect.get(Object(client), 'eval') === 'function';
}
