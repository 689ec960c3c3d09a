import { runMigrations } from 'bullmq';
import { Redis } from 'ioredis';
import { FakeSendGrid } from 'nestjs-sendgrid-smtp/testing';
import type { MailOutboxConnection } from 'nestjs-sendgrid-smtp/outbox';
import pg from 'pg';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';

import { startPostgres } from '../support/stores/postgres.js';
import { startRedis } from '../support/stores/redis.js';
import { eventually } from './support/eventually.js';
import { startOutbox } from './support/outbox-app.js';

describe('the connection of an outbox', () => {
  let relay: FakeSendGrid;

  beforeEach(async () => {
    relay = await FakeSendGrid.start();
    onTestFinished(() => relay.stop());
  });

  async function expectToSend(
    url: string,
    connection: MailOutboxConnection,
  ): Promise<void> {
    const app = await startOutbox({
      store: { url },
      relay,
      outbox: { connection },
    });
    await app.outbox.enqueue(
      { to: 'ada@example.net', text: 'Hi' },
      { id: 'a' },
    );
    await eventually(
      () => app.outbox.status('a'),
      (state) => state === 'sent',
    );
    await app.app.close();
  }

  it('may be a client of ioredis, which stays open', async () => {
    const store = await startRedis();
    onTestFinished(() => store.remove());
    const client = new Redis(store.url, { maxRetriesPerRequest: null });
    await expectToSend(store.url, client);

    expect(await client.ping()).toBe('PONG');
    client.disconnect();
  });

  it('may be options of ioredis', async () => {
    const store = await startRedis();
    onTestFinished(() => store.remove());
    await expectToSend(store.url, { host: '127.0.0.1', port: store.port });
  });

  it('may be a pool of pg, which stays open', async () => {
    const store = await startPostgres();
    onTestFinished(() => store.remove());
    const pool = new pg.Pool({
      connectionString: store.url,
      options: '-c search_path=bullmq',
    });
    pool.on('error', () => undefined);
    const client = await pool.connect();
    await runMigrations(client);
    client.release();
    await expectToSend(store.url, pool);

    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await pool.end();
  });

  it('does not make the tables where it is not to', async () => {
    const store = await startPostgres();
    onTestFinished(() => store.remove());
    const app = await startOutbox({
      store,
      outbox: {
        connection: { connectionString: store.url, migrate: false },
      },
    });
    const enqueued = app.outbox.enqueue({ to: 'ada@example.net', text: 'Hi' });

    await expect(enqueued).rejects.toThrow(/is not initialized/);
    await app.app.close();
  });

  it('is told of where it can never be opened, and ends nothing', async () => {
    const store = { url: 'postgres://postgres@127.0.0.1:1/postgres' };
    const app = await startOutbox({
      store,
      relay,
      outbox: {
        connection: { connectionString: store.url, schema: 'no such name' },
      },
    });
    const { message } = await app.event('store-trouble');
    await expect(app.outbox.enqueue({ to: 'ada@example.net' })).rejects.toThrow(
      'no such name',
    );

    expect(message).toContain('no such name');
    await app.app.close();
  });
});
