import { PostgresConnection } from 'bullmq';
import { invalidOutboxOptions } from '../options/resolve-outbox-options.js';
import { queueOver, type JobQueue, type QueuePlace } from './engine.js';
import { asStoreError } from './store-error.js';

/** A client of pg in a transaction, or whatever runs statements in one. */
export interface MailOutboxTransaction {
  /** Runs a statement with its values. */
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

const WHERE = "SELECT current_setting('search_path') AS path";

// Until the transaction ends; outside of one, until the statement does.
const TURN = "SELECT set_config('search_path', $1, true)";

/** What PostgreSQL says of BullMQ's functions while it does not look there. */
const NO_FUNCTION = '42883';

/**
 * Lends `work` a queue whose every statement goes through the client, and so
 * belongs to its transaction. The client's `search_path` is changed meanwhile.
 *
 * @throws InvalidOptionsError of a store that is no PostgreSQL, and without a
 * transaction; MailError `STORE_UNAVAILABLE` for what PostgreSQL refuses
 */
export async function withinTransaction(
  { store, queueName }: QueuePlace,
  client: MailOutboxTransaction,
  work: (queue: JobQueue) => Promise<void>,
): Promise<void> {
  if (store.engine !== 'postgres') throw noTransactions();
  try {
    const { rows } = await client.query(WHERE);
    const before: unknown = Reflect.get(Object(rows[0]), 'path');
    await client.query(TURN, [`"${store.schema}"`]);
    await work(queueOver(new ClientConnection(client), queueName));
    // After an error the transaction is lost, and that with it.
    await client.query(TURN, [before]);
  } catch (error) {
    const code: unknown = Reflect.get(Object(error), 'code');
    throw code === NO_FUNCTION
      ? notBegun()
      : asStoreError(error, 'not-reached');
  }
}

/** One client in place of BullMQ's pool, its schema known to be there. */
class ClientConnection extends PostgresConnection {
  constructor(client: MailOutboxTransaction) {
    const query = (text: string, values?: unknown[]): Promise<unknown> =>
      client.query(text, values);
    const pool = {
      query,
      connect: () => Promise.resolve({ query, release: () => undefined }),
      end: () => Promise.resolve(),
      on: () => pool,
      removeAllListeners: () => pool,
    };
    super(pool);
  }

  override async waitUntilReady(): Promise<void> {
    // Nothing of it belongs into the caller's transaction.
  }
}

function noTransactions(): Error {
  return invalidOutboxOptions([
    {
      option: 'connection',
      problem:
        'is Redis, which has no part in a transaction of your database: enqueue after the commit, or use PostgreSQL',
    },
  ]);
}

function notBegun(): Error {
  return invalidOutboxOptions([
    {
      option: 'within',
      problem:
        'must be a client that has begun a transaction (`BEGIN`), in the database that `connection` names',
    },
  ]);
}
