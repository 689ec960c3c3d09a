import { randomBytes } from 'node:crypto';
import { Queue } from 'bullmq';
import { InvalidOptionsError } from 'nestjs-sendgrid-smtp';
import { describe, expect, it, onTestFinished } from 'vitest';

import { startRedis } from '../support/stores/redis.js';
import { eventually } from './support/eventually.js';
import {
  startOutbox,
  type OutboxApp,
  type OutboxAppOptions,
} from './support/outbox-app.js';
import { Stand } from './support/stand.js';

const MESSAGE = { to: 'ada@example.net', subject: 'Hello', text: 'Hi Ada' };

describe('what a worker refuses', () => {
  const stand = new Stand(startRedis);

  function started(
    outbox: NonNullable<OutboxAppOptions['outbox']>,
    sends = true,
  ): Promise<OutboxApp> {
    const { store, relay, queueName } = stand;
    return stand.open({
      store,
      relay: sends ? relay : undefined,
      outbox: { queueName, ...outbox },
    });
  }

  it('does not send what was enqueued in another environment', async () => {
    const production = await started({ environment: 'production' }, false);
    const staging = await started({ environment: 'staging' });
    const { jobId } = await production.outbox.enqueue(MESSAGE, {
      id: 'theirs',
    });
    await staging.outbox.enqueue(MESSAGE, { id: 'ours' });
    await staging.event('sent');
    const refused = await staging.event('refused');

    expect(refused).toMatchObject({ jobId, reason: 'environment' });
    await eventually(
      () => production.outbox.status('theirs'),
      (state) => state === 'delayed',
    );
    expect(stand.relay.messages).toHaveLength(1);
  });

  it('leaves what a newer version has enqueued to newer workers', async () => {
    const queue = new Queue(stand.queueName, {
      connection: { url: stand.store.url },
    });
    onTestFinished(() => queue.close());
    const newer = { v: 999, environment: 'test', lane: 'normal', body: '?' };
    const job = await queue.add('mail', newer, {
      jobId: `m-${'n'.repeat(43)}`,
      priority: 2,
    });
    const app = await started({});
    await app.event('refused');

    await eventually(
      () => job.getState(),
      (state) => state === 'delayed',
    );
    expect((await queue.getJob(job.id ?? ''))?.data).toEqual(newer);
  });

  it('fails what cannot be read, and goes on', async () => {
    const queue = new Queue(stand.queueName, {
      connection: { url: stand.store.url },
    });
    onTestFinished(() => queue.close());
    await queue.add('mail', { what: 'ever' }, { jobId: `m-${'x'.repeat(43)}` });
    const app = await started({});
    await app.outbox.enqueue(MESSAGE);
    await stand.relay.waitFor(1);
    await app.event('failed');

    expect(await app.outbox.failed()).toMatchObject([
      { jobId: `m-${'x'.repeat(43)}`, code: 'INVALID_MESSAGE' },
    ]);
  });

  it('leaves what it has no key for to others, and stores nothing to be read', async () => {
    const keys = { old: randomBytes(32), new: randomBytes(32) };
    const producer = await started(
      { encryption: { current: 'new', keys } },
      false,
    );
    const without = await started({
      encryption: { current: 'old', keys: { old: keys.old } },
    });
    const ticket = await producer.outbox.enqueue(MESSAGE, { id: 'sealed' });
    const queue = new Queue(stand.queueName, {
      connection: { url: stand.store.url },
    });
    onTestFinished(() => queue.close());

    expect(await without.event('refused')).toMatchObject({
      reason: 'unknown-key',
    });
    const stored = await queue.getJob(ticket.jobId);
    expect(JSON.stringify(stored?.data)).not.toMatch(/ada|Hello/);
  });

  it('sends what was encrypted with either of its keys', async () => {
    const keys = { old: randomBytes(32), new: randomBytes(32) };
    const producer = await started(
      { encryption: { current: 'old', keys } },
      false,
    );
    await producer.outbox.enqueue(MESSAGE, { id: 'sealed' });
    const app = await started({ encryption: { current: 'new', keys } });
    await stand.relay.waitFor(1);

    expect((await app.event('sent')).id).toBe('sealed');
  });

  it('does not start on a Redis that drops what it holds', async () => {
    const lossy = await startRedis({ maxmemoryPolicy: 'allkeys-lru' });
    onTestFinished(() => lossy.remove());
    const start = startOutbox({ store: lossy });

    await expect(start).rejects.toThrow(InvalidOptionsError);
    await expect(start).rejects.toThrow(/MailOutboxModule.*noeviction/s);
  });
});
