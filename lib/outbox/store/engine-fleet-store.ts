import type { FleetStore } from '../fleet/fleet-store.js';
import { PostgresFleetStore } from '../fleet/postgres-fleet-store.js';
import { RedisFleetStore } from '../fleet/redis-fleet-store.js';
import { beneath } from './beneath-engine.js';
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
    const store = await beneath(queue);
    return store.kind === 'postgres'
      ? new PostgresFleetStore(store.queries, queueName)
      : new RedisFleetStore(store.commands, `${prefix}:${queueName}:fleet`);
  }
}
