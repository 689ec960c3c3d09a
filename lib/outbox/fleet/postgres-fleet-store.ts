import type { FleetStore } from './fleet-store.js';

/** What of a connection to PostgreSQL is used: a `Pool` of pg has it. */
export interface PostgresQueries {
  query(
    text: string,
    values?: string[],
  ): Promise<{ readonly rows: readonly { readonly record?: unknown }[] }>;
}

const TABLE = 'nestjs_sendgrid_smtp_fleets';

// Two that create a table at once would collide without the lock.
const MIGRATION = `
SELECT pg_advisory_xact_lock(hashtext('${TABLE}'));
CREATE TABLE IF NOT EXISTS ${TABLE} (
  name text PRIMARY KEY,
  record text NOT NULL
);
`;

const INSERT = `
INSERT INTO ${TABLE} (name, record) VALUES ($1, $2)
ON CONFLICT DO NOTHING RETURNING record
`;

// Of two at once the second waits, and then sees what the first has put.
const UPDATE = `
UPDATE ${TABLE} SET record = $2 WHERE name = $1 AND record = $3
RETURNING record
`;

const SELECT = `SELECT record FROM ${TABLE} WHERE name = $1`;

const UNDEFINED_TABLE = '42P01';

/** Keeps fleets' records in a table of PostgreSQL, which it makes if need be. */
export class PostgresFleetStore implements FleetStore {
  readonly #queries: PostgresQueries;
  readonly #name: string;

  constructor(queries: PostgresQueries, name: string) {
    this.#queries = queries;
    this.#name = name;
  }

  async swap(
    before: string | undefined,
    after: string,
  ): Promise<string | undefined> {
    try {
      return await this.#swap(before, after);
    } catch (error) {
      if (!lacksTable(error)) throw error;
      await this.#queries.query(MIGRATION);
      return this.#swap(before, after);
    }
  }

  async #swap(
    before: string | undefined,
    after: string,
  ): Promise<string | undefined> {
    const put =
      before === undefined
        ? await this.#record(INSERT, after)
        : await this.#record(UPDATE, after, before);
    return put ?? this.#record(SELECT);
  }

  async #record(
    statement: string,
    ...values: string[]
  ): Promise<string | undefined> {
    const args = [this.#name, ...values];
    const [row] = (await this.#queries.query(statement, args)).rows;
    return typeof row?.record === 'string' ? row.record : undefined;
  }
}

function lacksTable(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && error.code === UNDEFINED_TABLE
  );
}
