import {
  type BackendFactory,
  createRedisBackend,
  type IQueueBackend,
  type Job,
  type JobProgress,
  type PostgresConnection,
  PostgresQueueBackend,
  type Processor,
  Queue,
  RedisConnection,
  RedisQueueBackend,
  Worker,
  type WorkerOptions,
} from 'bullmq';
import type { ResolvedConnection } from '../options/connection.js';
import { createLastingBackend } from './lasting-connection.js';

/** Which queue, and where. */
export interface QueuePlace {
  readonly store: ResolvedConnection;
  readonly queueName: string;
  readonly prefix: string;
}

/** BullMQ's queue, over whichever backend. */
export type JobQueue = Queue<
  unknown,
  unknown,
  string,
  unknown,
  unknown,
  string,
  IQueueBackend,
  object
>;

/** BullMQ's worker, over whichever backend. */
export type EngineWorker = Worker<
  unknown,
  unknown,
  string,
  IQueueBackend,
  JobProgress,
  object
>;

/** A job of either. */
export type EngineJob = Job<unknown, unknown>;

/** What takes a job. */
export type JobProcessor = Processor<unknown, unknown>;

type Backend = BackendFactory<IQueueBackend, object>;

/** How long a connection may take, in milliseconds. */
const CONNECT_MS = 2000;

/** How many of the latest events are kept, which only dashboards read. */
const STREAMS = { events: { maxLen: 1000 } };

const OF_ANY_CONNECTION = {
  connectTimeout: CONNECT_MS,
  retryStrategy: (times: number): number => Math.min(times * 100, 2000),
};

// A command that was under way when the connection was lost is not sent
// again, when nobody waits for it any more.
const OF_COMMANDS = {
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
};

// What a worker has to tell is worth waiting for.
const OF_WORKERS = { maxRetriesPerRequest: null };

/** Opens a queue, for commands that somebody waits for. */
export function openQueue({ store, queueName, prefix }: QueuePlace): JobQueue {
  const connection = connectionOf(store, OF_COMMANDS);
  return new Queue(
    queueName,
    { connection, prefix, streams: STREAMS },
    backendOf(store),
  );
}

/** A queue of another name over the connection of the first. */
export function siblingOf(
  queue: JobQueue,
  name: string,
  prefix: string,
): JobQueue {
  const backend = queue.getBackend().forQueue(name, prefix);
  return new Queue(
    name,
    { connection: {}, prefix, skipMetasUpdate: true },
    () => backend,
  );
}

/** A queue over a connection of PostgreSQL that somebody else has made. */
export function queueOver(
  connection: PostgresConnection,
  name: string,
): JobQueue {
  const options = { connection: {}, skipMetasUpdate: true };
  const backend = new PostgresQueueBackend(connection, name, options);
  return new Queue(name, options, () => backend);
}

/** Makes what takes jobs off a queue, once it is told to run. */
export function openWorker(
  { store, queueName, prefix }: QueuePlace,
  processor: JobProcessor,
  options: Omit<WorkerOptions, 'connection'>,
): EngineWorker {
  const connection = connectionOf(store, OF_WORKERS);
  return new Worker(
    queueName,
    processor,
    { ...options, connection, prefix, autorun: false },
    backendOf(store),
  );
}

/** Resolves once commands can be sent, which a lost connection makes wait. */
export async function whenConnected(queue: JobQueue): Promise<void> {
  await queue.waitUntilReady();
  const backend = queue.getBackend();
  if (!(backend instanceof RedisQueueBackend)) return;
  await RedisConnection.waitUntilReady(await backend.client);
}

/** What Redis does when its memory is full, where there is a Redis that says so. */
export async function evictionPolicy(
  queue: JobQueue,
): Promise<string | undefined> {
  const backend = queue.getBackend();
  if (!(backend instanceof RedisQueueBackend)) return undefined;
  const info = await (await backend.client).info();
  return /^maxmemory_policy:(\S+)/m.exec(info)?.[1];
}

function connectionOf(
  { engine, connection }: ResolvedConnection,
  redis: object,
): object {
  if (engine === 'postgres') {
    // A pool is used as it is.
    return 'query' in connection
      ? connection
      : { connectionTimeoutMillis: CONNECT_MS, ...connection };
  }
  return 'defineCommand' in connection
    ? connection
    : { ...OF_ANY_CONNECTION, ...connection, ...redis };
}

function backendOf({ engine }: ResolvedConnection): Backend {
  const factory: unknown =
    engine === 'postgres' ? createLastingBackend : createRedisBackend;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each is given the connection of its own engine
  return factory as Backend;
}
