import { isRecord } from '../../options/is-record.js';

/**
 * Where Redis is, in ioredis's words: `{ host, port, password, tls, ... }` or
 * `{ url }`.
 */
export interface MailOutboxRedisOptions {
  readonly url?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: number | undefined;

  /** Whatever else ioredis takes. */
  readonly [option: string]: unknown;
}

/** A client of ioredis, single or cluster, with `maxRetriesPerRequest: null`. It stays open. */
export interface MailOutboxRedisClient {
  /** Registers a script; every ioredis client has it. */
  defineCommand(name: string, definition: { lua: string }): void;
}

/** Where PostgreSQL is, in the words of `pg.Pool`. */
export interface MailOutboxPostgresOptions {
  /** `postgres://user:password@host:5432/database`. */
  readonly connectionString: string;

  /**
   * The schema that BullMQ's tables are in.
   *
   * @defaultValue `'bullmq'`
   */
  readonly schema?: string | undefined;

  /**
   * Whether the schema is made, and brought up to date, when the first process
   * connects. With `false`, run BullMQ's `runMigrations` yourself.
   *
   * @defaultValue `true`
   */
  readonly migrate?: boolean | undefined;

  /** Whatever else `pg.Pool` takes. */
  readonly [option: string]: unknown;
}

/** A `pg.Pool` whose connections have BullMQ's schema in their `search_path`. It stays open. */
export interface MailOutboxPostgresPool {
  /** Checks a client out. */
  connect(): Promise<unknown>;

  /** Runs a statement. */
  query(text: string, values?: unknown[]): Promise<unknown>;

  /** Closes the pool, which nothing here does. */
  end(): Promise<void>;
}

/** Where the outbox keeps its messages. */
export type MailOutboxConnection =
  | string
  | MailOutboxRedisOptions
  | MailOutboxRedisClient
  | MailOutboxPostgresOptions
  | MailOutboxPostgresPool;

/** A connection, with the engine it belongs to. */
export type ResolvedConnection =
  | { readonly engine: 'redis'; readonly connection: object }
  | {
      readonly engine: 'postgres';
      readonly connection: object;

      /** As it is quoted by nobody: BullMQ admits simple names only. */
      readonly schema: string;
    };

const SCHEMA = 'bullmq';

/** Says what is wrong with a connection, without printing it, or nothing. */
export function connectionProblem(value: unknown): string | undefined {
  if (value === undefined) {
    return 'is required: give a `redis://` or `postgres://` URL, the options or the client of ioredis, or the options or the pool of pg';
  }
  if (typeof value === 'string') {
    return engineOfUrl(value) === undefined
      ? 'must be a URL that begins with `redis://`, `rediss://`, `postgres://` or `postgresql://`'
      : undefined;
  }
  if (typeof value !== 'object' || value === null) {
    return 'must be a URL, an object of options, or a client';
  }
  return optionsProblem(value);
}

/** Tells which engine a checked connection belongs to. */
export function resolveConnection(
  value: MailOutboxConnection,
): ResolvedConnection {
  if (typeof value === 'string') {
    return engineOfUrl(value) === 'postgres'
      ? resolveConnection({ connectionString: value })
      : { engine: 'redis', connection: { url: value } };
  }
  if (isPool(value)) {
    return { engine: 'postgres', connection: value, schema: SCHEMA };
  }
  if (!isPostgresOptions(value)) return { engine: 'redis', connection: value };
  const { schema = SCHEMA, migrate = true } = value;
  return {
    engine: 'postgres',
    connection: { ...value, schema, migrate },
    schema,
  };
}

function optionsProblem(value: object): string | undefined {
  if (isPostgresOptions(value)) {
    return engineOfUrl(value.connectionString) === 'postgres'
      ? undefined
      : '`connectionString` must be a URL that begins with `postgres://` or `postgresql://`';
  }
  if (isPool(value) || isRedisClient(value) || isRecord(value)) {
    return undefined;
  }
  return 'must be the options or the client of ioredis, or the options or the pool of pg';
}

function engineOfUrl(url: unknown): ResolvedConnection['engine'] | undefined {
  if (typeof url !== 'string') return undefined;
  if (/^rediss?:\/\//.test(url)) return 'redis';
  return /^postgres(?:ql)?:\/\//.test(url) ? 'postgres' : undefined;
}

function isPostgresOptions(value: object): value is MailOutboxPostgresOptions {
  return isRecord(value) && Object.hasOwn(value, 'connectionString');
}

function isRedisClient(value: object): value is MailOutboxRedisClient {
  return has(value, 'defineCommand');
}

function isPool(value: object): value is MailOutboxPostgresPool {
  return ['connect', 'query', 'end'].every((method) => has(value, method));
}

function has(value: object, method: string): boolean {
  return typeof Reflect.get(value, method) === 'function';
}
