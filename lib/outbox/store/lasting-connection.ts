import {
  PostgresConnection,
  PostgresQueueBackend,
  type BackendFactory,
  type PostgresConnectionOptions,
} from 'bullmq';

type Listener = Awaited<ReturnType<PostgresConnection['getListenClient']>>;

/**
 * BullMQ's connection to PostgreSQL, for sessions that the server may end at any
 * moment. pg throws, out of reach of everybody, what a client says while nobody
 * listens to its errors: those that BullMQ makes its tables with, and the one
 * that it closes last.
 */
class LastingConnection extends PostgresConnection {
  #listener: Promise<Listener> | undefined;

  constructor(options: PostgresConnectionOptions) {
    super(options);
    this.pool.on('connect', (client) => client.on('error', toldElsewhere));
  }

  override getListenClient(): Promise<Listener> {
    this.#listener = super.getListenClient();
    return this.#listener;
  }

  override async close(): Promise<void> {
    const listener = await this.#listener?.catch(() => undefined);
    const closed = super.close();
    // It was just robbed of its listeners, and may have something to say yet.
    listener?.on('error', toldElsewhere);
    await closed;
  }
}

/** As BullMQ's `createPostgresBackend`, over a {@link LastingConnection}. */
export const createLastingBackend: BackendFactory<
  PostgresQueueBackend,
  PostgresConnectionOptions
> = (name, opts, { withBlockingConnection = false } = {}) => {
  const connection = new LastingConnection(opts.connection);
  const session = withBlockingConnection ? name : undefined;
  return new PostgresQueueBackend(connection, name, opts, true, session);
};

// Whoever waits for an answer gets the same error.
function toldElsewhere(): void {}
