import { Cluster } from 'ioredis';
import type { MailOutboxModuleOptions } from 'nestjs-sendgrid-smtp/outbox';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';

import { startRedisCluster } from '../support/stores/redis-cluster.js';
import { eventually } from './support/eventually.js';
import type { OutboxApp } from './support/outbox-app.js';
import { Stand } from './support/stand.js';

const MESSAGE = { to: 'ada@example.net', subject: 'Hello', text: 'Hi Ada' };

describe('an outbox over a cluster of Redis', () => {
  const stand = new Stand(startRedisCluster);
  let client: Cluster;
  let app: OutboxApp;

  beforeEach(() => {
    client = new Cluster([...stand.store.nodes], {
      redisOptions: { maxRetriesPerRequest: null },
    });
    client.on('error', () => undefined);
    // Once the application is closed.
    onTestFinished(() => client.disconnect());
  });

  async function started(
    options: Partial<MailOutboxModuleOptions> = {},
  ): Promise<void> {
    app = await stand.open({
      store: { url: '' },
      relay: stand.relay,
      outbox: {
        connection: client,
        prefix: '{bull}',
        queueName: stand.queueName,
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
    await stand.relay.waitFor(101, { timeoutMs: 30_000 });
    await becomes('m99', 'sent');

    expect(stand.relay.messages).toHaveLength(101);
    expect((await outbox.metrics()).remembered).toBe(101);
  });

  it('cancels, and holds what is uncertain', async () => {
    await started();
    const { outbox } = app;
    await outbox.enqueue(MESSAGE, { id: 'later', delayMs: 3_600_000 });
    stand.relay.fail('message', 'drop');
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
    await stand.relay.waitFor(50, { timeoutMs: 30_000 });

    expect(stand.relay.counters.maxOpen).toBeLessThanOrEqual(2);
    const { workers } = await app.outbox.fleet();
    expect(workers).toHaveLength(1);
  });
});
