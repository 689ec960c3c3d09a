import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import pg from 'pg';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { startPostgres } from '../support/stores/postgres.js';
import { processesIn } from '../support/stores/processes-in.js';
import { startRedis, type RedisOptions } from '../support/stores/redis.js';
import type { StoreServer } from '../support/stores/store-server.js';

/** What a test has a store do. */
interface Client {
  write(value: string): Promise<void>;
  read(): Promise<string | null | undefined>;
  close(): Promise<void> | void;
}

const OWNER = fileURLToPath(
  new URL('../../build/test/outbox/programs/store-owner.js', import.meta.url),
);

const STORES = {
  redis: { start: startRedis, connect: redisClient },
  postgres: { start: startPostgres, connect: postgresClient },
};

function redisClient(server: StoreServer): Promise<Client> {
  const client = new Redis(server.url, {
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  });
  client.on('error', () => undefined);
  return Promise.resolve({
    write: async (value) => void (await client.set('kept', value)),
    read: () => client.get('kept'),
    close: () => client.disconnect(),
  });
}

async function postgresClient(server: StoreServer): Promise<Client> {
  const client = new pg.Client(server.url);
  client.on('error', () => undefined);
  await client.connect();
  return {
    write: async (value) => {
      await client.query('create table if not exists kept (value text)');
      await client.query('insert into kept values ($1)', [value]);
    },
    read: async () => {
      const { rows } = await client.query<{ value: string }>(
        'select value from kept',
      );
      return rows[0]?.value;
    },
    close: () => client.end(),
  };
}

describe.each(['redis', 'postgres'] as const)('%s', (kind) => {
  const { start, connect } = STORES[kind];

  async function started(): Promise<StoreServer> {
    const server = await start();
    onTestFinished(() => server.remove());
    return server;
  }

  async function written(server: StoreServer, value: string): Promise<void> {
    const client = await connect(server);
    await client.write(value);
    await client.close();
  }

  async function read(server: StoreServer): Promise<string | null | undefined> {
    const client = await connect(server);
    const value = await client.read();
    await client.close();
    return value;
  }

  it.each(['stop', 'kill'] as const)(
    'keeps its data over %s and a start on the same port',
    async (how) => {
      const server = await started();
      await written(server, 'a letter');

      await server[how]();
      await expect(read(server)).rejects.toThrow(
        /ECONNREFUSED|Connection is closed/,
      );
      await server.start();

      await expect(read(server)).resolves.toBe('a letter');
    },
  );

  it('answers nothing while it is frozen', async () => {
    const server = await started();
    const client = await connect(server);
    await client.write('a letter');

    server.freeze();
    let answered = false;
    const reading = client.read().finally(() => {
      answered = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(answered).toBe(false);
    server.thaw();

    await expect(reading).resolves.toBe('a letter');
    await client.close();
  });

  it.each(['running', 'killed'] as const)(
    'leaves neither process, file nor shared memory when removed %s',
    async (state) => {
      const server = await start();
      const { folder } = server;
      const segments = sharedMemory(folder);
      expect(processesIn(folder)).not.toEqual([]);
      if (state === 'killed') await server.kill();

      await server.remove();

      expect(existsSync(folder)).toBe(false);
      expect(processesIn(folder)).toEqual([]);
      const left = readFileSync('/proc/sysvipc/shm', 'utf8');
      for (const id of segments) expect(left).not.toContain(` ${id} `);
    },
  );
});

describe.each(['redis', 'postgres'] as const)('%s', (kind) => {
  it('ends with the process that has started it, even when that is killed', async () => {
    const owner = fork(OWNER, [kind]);
    const [folder]: string[] = await once(owner, 'message');
    if (folder === undefined) throw new Error('It did not say where');
    onTestFinished(() => rm(folder, { recursive: true }));
    expect(processesIn(folder)).not.toEqual([]);

    owner.kill('SIGKILL');

    await vi.waitFor(() => expect(processesIn(folder)).toEqual([]), 20_000);
  });
});

describe('redis', () => {
  it.each<[RedisOptions, string]>([
    [{}, 'noeviction'],
    [{ maxmemoryPolicy: 'allkeys-lru' }, 'allkeys-lru'],
  ])('takes the policy of %o', async (options, policy) => {
    const server = await startRedis(options);
    onTestFinished(() => server.remove());
    const client = new Redis(server.url);
    onTestFinished(() => client.disconnect());

    expect(await client.config('GET', 'maxmemory-policy')).toContain(policy);
    expect(await client.config('GET', 'appendfsync')).toContain('always');
    expect(await client.config('GET', 'appendonly')).toContain('yes');
  });
});

/** The ids of the segments that a PostgreSQL has made. */
function sharedMemory(folder: string): string[] {
  const file = join(folder, 'data/postmaster.pid');
  if (!existsSync(file)) return [];
  const found = /^ *\d+ +(\d+) *$/m.exec(readFileSync(file, 'utf8'));
  expect(found).not.toBeNull();
  return found?.[1] === undefined ? [] : [found[1]];
}
