import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SendGridSmtpModule } from 'nestjs-sendgrid-smtp';
import {
  MailOutbox,
  MailOutboxModule,
  type MailOutboxEvent,
  type MailOutboxOptions,
} from 'nestjs-sendgrid-smtp/outbox';
import type { FakeEvent } from 'nestjs-sendgrid-smtp/testing';
import {
  SendGridWebhook,
  SendGridWebhookModule,
} from 'nestjs-sendgrid-smtp/webhook';
import { describe, expect, it, onTestFinished } from 'vitest';

import { messageIdOf } from '../../lib/outbox/job/job-ids.js';
import { eventually } from './support/eventually.js';
import { Stand } from './support/stand.js';
import { STORES } from './support/stores.js';
import { WorkerProcess } from './support/worker-process.js';

const MESSAGE = { to: 'Ada@Example.net', subject: 'Hello', text: 'Hi Ada' };

@Module({})
class ReconcilingModule {}

interface Site {
  readonly url: string;
  readonly outbox: MailOutbox;
  readonly events: readonly MailOutboxEvent[];
}

describe.each(STORES)('events of SendGrid, with %s', (_name, start) => {
  const stand = new Stand(start);

  /** An application with the webhook, which hands its events to the outbox. */
  async function site(options: Partial<MailOutboxOptions> = {}): Promise<Site> {
    const app = await NestFactory.create(
      {
        module: ReconcilingModule,
        imports: [
          SendGridSmtpModule.forRoot({
            ...stand.relay.options,
            defaults: { from: 'Shop <hello@shop.example>' },
          }),
          SendGridWebhookModule.forRoot({
            publicKeys: stand.relay.webhook.publicKey,
          }),
          MailOutboxModule.forRoot({
            connection: stand.store.url,
            environment: 'test',
            lockMs: 1000,
            queueName: stand.queueName,
            ...options,
          }),
        ],
      },
      { logger: false },
    );
    const outbox = app.get(MailOutbox);
    app.get(SendGridWebhook).reconcileWith(outbox);
    const events: MailOutboxEvent[] = [];
    outbox.events$.subscribe((event) => events.push(event));
    await app.listen(0, '127.0.0.1');
    onTestFinished(() => app.close());
    const url = `${await app.getUrl()}/sendgrid/events`;
    return { url, outbox, events };
  }

  async function becomes(
    { outbox }: Site,
    id: string,
    state: string,
  ): Promise<void> {
    await eventually(
      () => outbox.status(id),
      (now) => now === state,
    );
  }

  async function post({ url }: Site, ...events: FakeEvent[]): Promise<void> {
    expect(await stand.relay.webhook.post(url, events)).toBe(204);
  }

  it('settle a message whose reply was lost, and no other', async () => {
    const one = await site();
    stand.relay.fail('message', 'accept-and-drop');
    await one.outbox.enqueue(MESSAGE, { id: 'taken' });
    await becomes(one, 'taken', 'uncertain');
    stand.relay.fail('message', 'drop');
    await one.outbox.enqueue(MESSAGE, { id: 'lost' });
    await becomes(one, 'lost', 'uncertain');
    const [taken] = stand.relay.messages;
    if (taken === undefined) throw new Error('Nothing was taken');
    const strange = [
      // Of long before, so of another message under the same id.
      { messageId: taken.messageId, at: 1000 },
      { messageId: '<other@shop.example>' },
      { recipient: 'ada@example.net' },
    ];

    expect(await one.outbox.reconcile(strange)).toBe(0);
    expect(await one.outbox.status('taken')).toBe('uncertain');
    const events = stand.relay.webhook.events(taken, 'processed');
    await post(one, ...events, ...events);
    await becomes(one, 'taken', 'sent');
    expect(await one.outbox.status('lost')).toBe('uncertain');
    expect(stand.relay.messages).toHaveLength(1);
    const reconciled = one.events.filter(({ type }) => type === 'reconciled');
    expect(reconciled).toHaveLength(1);
  });

  it('settle a message before anybody knows that its worker was lost', async () => {
    const producer = await site({ role: 'producer' });
    const arrived = new Promise<void>((resolve) => {
      const when = (): boolean => {
        resolve();
        return true;
      };
      stand.relay.fail('message', 'stall', { when });
    });
    const worker = await WorkerProcess.start(stand.store, stand.relay, {
      outbox: { queueName: stand.queueName },
    });
    onTestFinished(() => worker.kill());
    const { jobId } = await producer.outbox.enqueue(MESSAGE, { id: 'killed' });
    await arrived;
    await worker.kill();
    await post(producer, {
      event: 'processed',
      email: 'ada@example.net',
      timestamp: Math.floor(Date.now() / 1000),
      'smtp-id': messageIdOf(jobId, 'shop.example'),
      sg_event_id: 'of the one that was killed',
    });
    await eventually(
      () => producer.events.some(({ type }) => type === 'reconciled'),
      Boolean,
    );
    const next = await site();
    await becomes(producer, 'killed', 'sent');

    expect(await producer.outbox.uncertain()).toEqual([]);
    expect(next.events.map(({ type }) => type)).not.toContain('uncertain');
  });

  it('have a message sent again that none has named in time, if that was chosen', async () => {
    const one = await site({ onUnknown: 'reconcile', reconcileMs: 3000 });
    stand.relay.fail('message', 'accept-and-drop');
    await one.outbox.enqueue(MESSAGE, { id: 'taken in time' });
    await becomes(one, 'taken in time', 'uncertain');
    stand.relay.fail('message', 'drop');
    await one.outbox.enqueue(MESSAGE, { id: 'lost for good' });
    await becomes(one, 'lost for good', 'uncertain');
    stand.relay.fail('message', 'drop');
    const own = { ...MESSAGE, messageId: '<own@shop.example>' };
    await one.outbox.enqueue(own, { id: 'never named' });
    const [taken] = stand.relay.messages;
    if (taken === undefined) throw new Error('Nothing was taken');
    await post(one, ...stand.relay.webhook.events(taken, 'delivered'));
    await becomes(one, 'taken in time', 'sent');
    await becomes(one, 'lost for good', 'sent');

    expect(stand.relay.messages).toHaveLength(2);
    expect(await one.outbox.status('never named')).toBe('uncertain');
  });
});
