import { SENDGRID_REPLIES } from 'nestjs-sendgrid-smtp/testing';
import { describe, expect, it } from 'vitest';

import { startRedis } from '../support/stores/redis.js';
import { eventually } from './support/eventually.js';
import type { OutboxApp, OutboxAppOptions } from './support/outbox-app.js';
import { Stand } from './support/stand.js';

const MESSAGE = { to: 'ada@example.net', subject: 'Hello', text: 'Hi Ada' };

describe('what is nobody’s fault', () => {
  const stand = new Stand(startRedis);

  function started(
    mail: NonNullable<OutboxAppOptions['mail']> = {},
    outbox: NonNullable<OutboxAppOptions['outbox']> = {},
  ): Promise<OutboxApp> {
    const { store, relay, queueName } = stand;
    return stand.open({
      store,
      relay,
      outbox: { queueName, ...outbox },
      mail,
    });
  }

  it('pauses the worker while the account may not send, and costs no attempt', async () => {
    stand.relay.fail('auth', SENDGRID_REPLIES.badKey, { times: Infinity });
    const app = await started();
    await app.outbox.enqueueMany(
      Array.from({ length: 50 }, (_, i) => ({ id: `m${i}`, message: MESSAGE })),
    );
    const paused = await app.event('worker-paused');
    await eventually(
      () => app.outbox.metrics(),
      ({ sending }) => sending === 0,
    );
    const { waiting, failed, delayed } = await app.outbox.metrics();

    expect(paused).toMatchObject({ code: 'ACCOUNT', pausedMs: 5000 });
    expect({ waiting: waiting.normal, failed, delayed }).toEqual({
      waiting: 50,
      failed: 0,
      delayed: 0,
    });
  });

  it('goes on once the relay can be reached again', async () => {
    stand.relay.fail('greeting', 'drop', { times: Infinity });
    const app = await started({ queue: { failFastAfterMs: 0 } });
    await app.outbox.enqueue(MESSAGE, { id: 'in-between' });
    const paused = await app.event('worker-paused');
    stand.relay.clear();
    await app.event('worker-resumed');

    expect(paused.code).toBe('RELAY_UNAVAILABLE');
    await eventually(
      () => app.outbox.status('in-between'),
      (state) => state === 'sent',
    );
  });

  it('holds a sender that SendGrid refuses, and sends for others', async () => {
    stand.relay.fail('message', SENDGRID_REPLIES.senderIdentity, {
      times: Infinity,
      when: ({ sender = '' }) => sender === 'new@shop.example',
    });
    const app = await started();
    await app.outbox.enqueue(
      { ...MESSAGE, from: 'new@shop.example' },
      { id: 'refused' },
    );
    await app.outbox.enqueue(MESSAGE, { id: 'other' });
    await eventually(
      () => app.outbox.status('refused'),
      (state) => state === 'delayed',
    );
    await eventually(
      () => app.outbox.status('other'),
      (state) => state === 'sent',
    );

    expect(await app.event('deferred')).toMatchObject({
      id: 'refused',
      code: 'SENDER',
      retryInMs: 60_000,
    });
  });

  it('tries again later what was refused for now, and fails it in the end', async () => {
    stand.relay.fail('message', '451 Later', { times: Infinity });
    const app = await started(
      { retry: { maxAttempts: 1 } },
      { retry: { maxAttempts: 2, baseDelayMs: 50 } },
    );
    await app.outbox.enqueue(MESSAGE, { id: 'never' });
    await eventually(
      () => app.outbox.status('never'),
      (state) => state === 'failed',
    );
    const [failure] = await app.outbox.failed();

    expect(failure).toMatchObject({ code: 'REJECTED', attempts: 2 });
    expect(app.events.map(({ type }) => type)).toEqual([
      'enqueued',
      'deferred',
      'failed',
    ]);
  });

  it('hands back what has not left when the application closes', async () => {
    const app = await started();
    const reasons = new Set<string>();
    app.mail.events$.subscribe((event) => {
      if (event.type === 'failed') reasons.add(event.reason);
    });
    app.mail.pause('so that it waits');
    await app.outbox.enqueueMany(
      Array.from({ length: 50 }, (_, i) => ({ id: `m${i}`, message: MESSAGE })),
    );
    await eventually(
      () => app.outbox.metrics(),
      ({ sending }) => sending === 20,
    );
    await app.app.close();
    expect([...reasons]).toEqual([
      expect.stringMatching(/took the message back .* is sent later/),
    ]);
    stand.relay.clear();
    const next = await started();
    await stand.relay.waitFor(50, { timeoutMs: 20_000 });

    expect(next.events.filter(({ type }) => type === 'uncertain')).toEqual([]);
  });

  it('ends what is on the wire before the application closes', async () => {
    const arrived = new Promise<void>((resolve) => {
      const when = (): boolean => {
        resolve();
        return true;
      };
      stand.relay.fail('message', 'stall', { when });
    });
    const app = await started();
    await app.outbox.enqueue(MESSAGE, { id: 'on-the-wire' });
    await arrived;
    const closed = app.app.close();
    stand.relay.release();
    await closed;

    expect(app.events.map(({ type }) => type)).toEqual(['enqueued', 'sent']);
  });
});
