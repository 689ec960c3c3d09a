import { FakeSendGrid } from 'nestjs-sendgrid-smtp/testing';
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
import { eventually } from './support/eventually.js';
import { startOutbox, type OutboxApp } from './support/outbox-app.js';

const MESSAGE = { to: 'ada@example.net', subject: 'Hello', text: 'Hi Ada' };

describe.each([['bullmq'], ['mail']])(
  'a transaction of PostgreSQL, with the schema %s',
  (schema) => {
    let store: StoreServer;
    let relay: FakeSendGrid;
    let app: OutboxApp;
    let client: pg.Client;

    beforeAll(async () => {
      [store, relay] = await Promise.all([
        startPostgres(),
        FakeSendGrid.start(),
      ]);
      const connection = { connectionString: store.url, schema };
      app = await startOutbox({ store, relay, outbox: { connection } });
      client = new pg.Client(store.url);
      await client.connect();
      await client.query('create table orders (id text)');
    });

    afterAll(async () => {
      await client.end();
      await app.app.close();
      await Promise.all([store.remove(), relay.stop()]);
    });

    const enqueue = (id: string): Promise<unknown> =>
      app.outbox.enqueue(MESSAGE, { id, within: client });

    it('sends what was enqueued once it is committed, not before', async () => {
      await client.query('begin');
      await client.query("insert into orders values ('one')");
      await enqueue('one');
      const before = await app.outbox.status('one');
      // The caller's own names still mean what they did.
      await client.query("insert into orders values ('two')");
      await client.query('commit');
      await eventually(
        () => app.outbox.status('one'),
        (state) => state === 'sent',
      );

      expect(before).toBe('absent');
      const { rows } = await client.query('show search_path');
      expect(rows).toEqual([{ search_path: '"$user", public' }]);
    });

    it('forgets what was enqueued when it is rolled back', async () => {
      await client.query('begin');
      await enqueue('never');
      await client.query('rollback');
      await app.outbox.enqueue(MESSAGE, { id: 'other' });
      await eventually(
        () => app.outbox.status('other'),
        (state) => state === 'sent',
      );

      expect(await app.outbox.status('never')).toBe('absent');
    });

    it('says that there is no transaction', async () => {
      await expect(enqueue('alone')).rejects.toThrow(/`within`.*BEGIN/);
    });

    it('says that Redis has no part in it', async () => {
      const redis = await startRedis();
      onTestFinished(() => redis.remove());
      const other = await startOutbox({ store: redis });
      const enqueued = other.outbox.enqueue(MESSAGE, { within: client });

      await expect(enqueued).rejects.toThrow(/is Redis/);
      await other.app.close();
    });
  },
);
