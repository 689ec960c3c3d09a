import { PostgresQueueBackend, RedisQueueBackend } from 'bullmq';
import type { FleetStore } from '../fleet/fleet-store.js';
import { PostgresFleetStore } from '../fleet/postgres-fleet-store.js';
import {
  RedisFleetStore,
  type RedisCommands,
} from '../fleet/redis-fleet-store.js';
import type { JobQueue, QueuePlace } from './engine.js';
import type { StoreConnection } from './store-connection.js';

/** Keeps the record of a queue's fleet beside the queue, over its connection. */
export class EngineFleetStore implements FleetStore {
  readonly #connection: StoreConnection;
  readonly #place: QueuePlace;

  constructor(connection: StoreConnection, place: QueuePlace) {
    this.#connection = connection;
    this.#place = place;
  }

  /** @throws MailError `STORE_UNAVAILABLE` */
  swap(before: string | undefined, after: string): Promise<string | undefined> {
    return this.#connection.run(async (queue) => {
      const store = await this.#over(queue);
      return store.swap(before, after);
    });
  }

  async #over(queue: JobQueue): Promise<FleetStore> {
    const { queueName, prefix } = this.#place;
    const backend = queue.getBackend();
    if (backend instanceof PostgresQueueBackend) {
      return new PostgresFleetStore(backend.connection.pool, queueName);
    }
    const client: unknown =
      backend instanceof RedisQueueBackend && (await backend.client);
    if (!runsScripts(client)) throw new Error('This engine runs no scripts');
    return new RedisFleetStore(client, `${prefix}:${queueName}:fleet`);
  }
}

// BullMQ hands on what it does not know to ioredis.
function runsScripts(client: unknown): client is RedisCommands {
  return typeof Reflect.get(Object(client), 'eval') === 'function';
}
