import pg from 'pg';
import {
  afterAll,
  beforeAll,
  describe,
  expect,
  it,
  onTestFinished,
} from 'vitest';

import { startPostgres } from '../support/stores/postgres.js';
import { startRedis } from '../support/stores/redis.js';
import type { StoreServer } from '../support/stores/store-server.js';
import { fleetStore } from './support/fleet-of.js';

describe.each([
  ['Redis', startRedis],
  ['PostgreSQL', startPostgres],
] as const)("a fleet's record in %s", (_name, startStore) => {
  let server: StoreServer;
  beforeAll(async () => {
    server = await startStore();
  });
  afterAll(() => server.remove());

  it('is put where there is none, and changed by who knows it only', async () => {
    const store = fleetStore(server, 'one');

    expect(await store.swap('something', 'a')).toBeUndefined();
    expect(await store.swap(undefined, 'a')).toBe('a');
    expect(await store.swap(undefined, 'b')).toBe('a');
    expect(await store.swap('b', 'c')).toBe('a');
    expect(await store.swap('a', 'c')).toBe('c');
    expect(await store.swap('c', '')).toBe('');
    expect(await store.swap(undefined, 'd')).toBe('');
    expect(await store.swap('', 'é "\'\n')).toBe('é "\'\n');
  });

  it('is one for each fleet', async () => {
    await fleetStore(server, 'two').swap(undefined, 'a');

    expect(await fleetStore(server, 'three').swap(undefined, 'b')).toBe('b');
  });

  it('takes every change of many at once, one after the other', async () => {
    const add = async (who: string): Promise<void> => {
      const store = fleetStore(server, 'four');
      let found: string | undefined;
      let left = 25;
      while (left > 0) {
        const after = `${Number.parseInt(found ?? '0', 10) + 1} by ${who}`;
        found = await store.swap(found, after);
        if (found === after) left -= 1;
      }
    };

    await Promise.all(['a', 'b', 'c', 'd'].map(add));

    const found = await fleetStore(server, 'four').swap('?', '?');
    expect(found).toMatch(/^100 by /);
  });
});

describe("a fleet's table in PostgreSQL", () => {
  it('is made once, however many come at once', async () => {
    const server = await startPostgres();
    onTestFinished(() => server.remove());
    const stores = Array.from({ length: 8 }, () => fleetStore(server));

    const found = await Promise.all(
      stores.map((store, n) => store.swap(undefined, String(n))),
    );

    expect(new Set(found).size).toBe(1);
  });

  it('is used by who may not make one', async () => {
    const server = await startPostgres();
    onTestFinished(() => server.remove());
    await fleetStore(server).swap(undefined, 'a');
    const admin = new pg.Client(server.url);
    await admin.connect();
    await admin.query('create role mailer login');
    await admin.query(
      'grant select, insert, update on nestjs_sendgrid_smtp_fleets to mailer',
    );
    await admin.end();
    const url = server.url.replace('postgres@', 'mailer@');

    expect(await fleetStore({ url }).swap('a', 'b')).toBe('b');
  });
});
