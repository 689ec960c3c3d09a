import { beforeEach, describe, expect, it } from 'vitest';

import { eventually } from './support/eventually.js';
import type { OutboxApp } from './support/outbox-app.js';
import { Stand } from './support/stand.js';
import { STORES } from './support/stores.js';

const MESSAGE = { to: 'ada@example.net', subject: 'Hello', text: 'Hi Ada' };

describe.each(STORES)('the outbox over %s', (_name, start) => {
  const stand = new Stand(start);
  let outbox: OutboxApp;

  beforeEach(async () => {
    const { store, relay, queueName } = stand;
    outbox = await stand.open({ store, relay, outbox: { queueName } });
  });

  const arrived = (count: number): Promise<unknown> =>
    stand.relay.waitUntil(({ accepted }) => accepted >= count, {
      timeoutMs: 30_000,
    });

  it('sends what was enqueued', async () => {
    const ticket = await outbox.outbox.enqueue({
      ...MESSAGE,
      attachments: [{ filename: 'a.bin', content: Buffer.from([0, 1, 255]) }],
    });
    await arrived(1);
    const [message] = stand.relay.messages;

    expect(message?.subject).toBe('Hello');
    expect(message?.attachments[0]?.content).toEqual(
      new Uint8Array([0, 1, 255]).buffer,
    );
    expect(await outbox.event('sent')).toMatchObject({
      id: ticket.id,
      accepted: 1,
    });
    // What has no id of its own is forgotten.
    await eventually(
      () => outbox.outbox.status({ jobId: ticket.jobId }),
      (state) => state === 'absent',
    );
  });

  it('sends what has the same id once, and remembers it without its body', async () => {
    const { outbox: face } = outbox;
    const first = await face.enqueue(MESSAGE, { id: 'order:1' });
    await eventually(
      () => face.status('order:1'),
      (state) => state === 'sent',
    );
    const second = await face.enqueue(MESSAGE, { id: 'order:1' });
    await face.enqueueMany([{ message: MESSAGE, id: 'order:1' }]);
    await face.enqueue({ ...MESSAGE, to: 'last@example.net' });
    await arrived(2);

    expect(second).toEqual(first);
    expect(stand.relay.messages).toHaveLength(2);
    expect(await face.status('order:1')).toBe('sent');
    expect(await face.cancel('order:1')).toBe(false);
    expect((await face.metrics()).remembered).toBe(1);
  });

  it('enqueues many in commands of bounded size, and sends urgent ones first', async () => {
    const { outbox: face, mail } = outbox;
    mail.pause('so that they queue up');
    const entries = Array.from({ length: 1200 }, (_, i) => ({
      id: `many-${i}`,
      lane: i % 100 === 99 ? ('urgent' as const) : ('bulk' as const),
      message: { ...MESSAGE, subject: `Number ${i}` },
    }));

    expect(await face.enqueueMany(entries)).toBe(1200);
    const { waiting, sending } = await face.metrics();
    expect(waiting.bulk + waiting.urgent + sending).toBe(1200);
    mail.resume();
    await arrived(1200);
    const subjects = new Set(
      stand.relay.messages.map(({ subject }) => subject),
    );
    expect(subjects.size).toBe(1200);
    const last = stand.relay.messages
      .slice(200)
      .map(({ subject = '' }) => subject);
    expect(last.filter((subject) => subject.endsWith('99'))).toEqual([]);
  });

  it('waits for as long as it was told, and can be cancelled meanwhile', async () => {
    const { outbox: face } = outbox;
    await face.enqueue(MESSAGE, { id: 'later', delayMs: 3_600_000 });

    expect(await face.status('later')).toBe('delayed');
    expect(await face.cancel('later')).toBe(true);
    expect(await face.status('later')).toBe('absent');
    expect(await face.cancel('later')).toBe(false);
  });

  it('keeps the Message-ID over attempts, and tells a failure for good at once', async () => {
    const { outbox: face } = outbox;
    stand.relay.fail('message', '554 No');
    await face.enqueue(MESSAGE, { id: 'refused' });
    await eventually(
      () => face.status('refused'),
      (state) => state === 'failed',
    );
    const [failure, ...others] = await face.failed();

    expect(others).toEqual([]);
    expect(failure).toMatchObject({ id: 'refused', code: 'REJECTED' });
    expect(await face.uncertain()).toEqual([]);
    expect(await face.retry('refused')).toBe(true);
    await arrived(1);
    const [sent] = stand.relay.messages;
    expect(sent?.messageId).toMatch(/^<[\w-]{43}@shop\.example>$/);
    await eventually(
      () => face.status('refused'),
      (state) => state === 'sent',
    );
  });

  it('holds what got no reply, and sends it again when told to', async () => {
    const { outbox: face } = outbox;
    stand.relay.fail('message', 'drop');
    await face.enqueue(MESSAGE, { id: 'unanswered' });
    await eventually(
      () => face.status('unanswered'),
      (state) => state === 'uncertain',
    );

    expect(await face.failed()).toEqual([]);
    expect(await face.uncertain()).toMatchObject([
      { id: 'unanswered', code: 'OUTCOME_UNKNOWN' },
    ]);
    expect((await face.metrics()).uncertain).toBe(1);
    expect(await face.retry('unanswered')).toBe(false);
    expect(await face.resolve('unanswered', 'resend')).toBe(true);
    await eventually(
      () => face.status('unanswered'),
      (state) => state === 'sent',
    );
    expect(await face.uncertain()).toEqual([]);
  });

  it('takes an uncertain message for sent when told to', async () => {
    const { outbox: face } = outbox;
    stand.relay.fail('message', 'drop');
    await face.enqueue(MESSAGE, { id: 'surely' });
    await eventually(
      () => face.status('surely'),
      (state) => state === 'uncertain',
    );

    expect(await face.resolve('surely', 'sent')).toBe(true);
    await eventually(
      () => face.status('surely'),
      (state) => state === 'sent',
    );
    expect(stand.relay.messages).toEqual([]);
    expect((await face.metrics()).uncertain).toBe(0);
  });

  it('forgets an id when its time is over', async () => {
    const { store, relay, queueName } = stand;
    const app = await stand.open({
      store,
      relay,
      outbox: { queueName: `window-${queueName}`, idempotencyWindowMs: 1000 },
    });
    await app.outbox.enqueue(MESSAGE, { id: 'short' });
    await eventually(
      () => app.outbox.status('short'),
      (state) => state === 'sent',
    );
    let others = 0;
    await eventually(
      async () => {
        others += 1;
        await app.outbox.enqueue(MESSAGE, { id: `other-${others}` });
        return app.outbox.status('short');
      },
      (state) => state === 'absent',
    );
    await app.outbox.enqueue(MESSAGE, { id: 'short' });
    await arrived(others + 2);

    expect(stand.relay.messages).toHaveLength(others + 2);
  });
});
