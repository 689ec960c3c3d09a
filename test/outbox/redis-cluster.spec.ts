import { Cluster } from 'ioredis';
import { FakeSendGrid } from 'nestjs-sendgrid-smtp/testing';
import type { MailOutboxModuleOptions } from 'nestjs-sendgrid-smtp/outbox';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
} from 'vitest';

import {
  startRedisCluster,
  type RedisCluster,
} from '../support/stores/redis-cluster.js';
import { eventually } from './support/eventually.js';
import { startOutbox, type OutboxApp } from './support/outbox-app.js';

const MESSAGE = { to: 'ada@example.net', subject: 'Hello', text: 'Hi Ada' };

describe('an outbox over a cluster of Redis', () => {
  let cluster: RedisCluster;
  let client: Cluster;
  let relay: FakeSendGrid;
  let app: OutboxApp;
  let queues = 0;

  beforeAll(async () => {
    cluster = await startRedisCluster();
  });

  afterAll(() => cluster.remove());

  beforeEach(async () => {
    relay = await FakeSendGrid.start();
    client = new Cluster([...cluster.nodes], {
      redisOptions: { maxRetriesPerRequest: null },
    });
    client.on('error', () => undefined);
    queues += 1;
  });

  afterEach(async () => {
    await app.app.close();
    client.disconnect();
    await relay.stop();
  });

  async function started(
    options: Partial<MailOutboxModuleOptions> = {},
  ): Promise<void> {
    app = await startOutbox({
      store: { url: '' },
      relay,
      outbox: {
        connection: client,
        prefix: '{bull}',
        queueName: `queue-${queues}`,
        ...options,
      },
    });
  }

  async function becomes(id: string, state: string): Promise<void> {
    await eventually(
      () => app.outbox.status(id),
      (now) => now === state,
    );
  }

  it('sends what was enqueued, one by one and in bulk', async () => {
    await started();
    const { outbox } = app;
    await outbox.enqueue(MESSAGE, { id: 'one' });
    await outbox.enqueue(MESSAGE, { id: 'one' });
    await outbox.enqueueMany(
      Array.from({ length: 100 }, (_, n) => ({
        id: `m${n}`,
        message: MESSAGE,
      })),
    );
    await relay.waitFor(101, { timeoutMs: 30_000 });
    await becomes('m99', 'sent');

    expect(relay.messages).toHaveLength(101);
    expect((await outbox.metrics()).remembered).toBe(101);
  });

  it('cancels, and holds what is uncertain', async () => {
    await started();
    const { outbox } = app;
    await outbox.enqueue(MESSAGE, { id: 'later', delayMs: 3_600_000 });
    relay.fail('message', 'drop');
    await outbox.enqueue(MESSAGE, { id: 'unanswered' });
    await becomes('unanswered', 'uncertain');

    expect(await outbox.cancel('later')).toBe(true);
    expect(await outbox.uncertain()).toHaveLength(1);
    expect(await outbox.resolve('unanswered', 'resend')).toBe(true);
    await becomes('unanswered', 'sent');
    expect((await outbox.metrics()).uncertain).toBe(0);
  });

  it('keeps to the limits of its fleet', async () => {
    await started({ fleet: { maxConnections: 2, leaseMs: 3000 } });
    await app.outbox.enqueueMany(
      Array.from({ length: 50 }, () => ({ message: MESSAGE })),
    );
    await relay.waitFor(50, { timeoutMs: 30_000 });

    expect(relay.counters.maxOpen).toBeLessThanOrEqual(2);
    const { workers } = await app.outbox.fleet();
    expect(workers).toHaveLength(1);
  });
});
