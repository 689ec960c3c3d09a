import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SendGridSmtpModule } from 'nestjs-sendgrid-smtp';
import {
  MailOutbox,
  MailOutboxModule,
  type MailOutboxEvent,
  type MailOutboxOptions,
} from 'nestjs-sendgrid-smtp/outbox';
import { FakeSendGrid, type FakeEvent } from 'nestjs-sendgrid-smtp/testing';
import {
  SendGridWebhook,
  SendGridWebhookModule,
} from 'nestjs-sendgrid-smtp/webhook';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  onTestFinished,
} from 'vitest';

import { messageIdOf } from '../../lib/outbox/job/job-ids.js';
import type { StoreServer } from '../support/stores/store-server.js';
import { eventually } from './support/eventually.js';
import { STORES } from './support/stores.js';
import { WorkerProcess } from './support/worker-process.js';

const MESSAGE = { to: 'Ada@Example.net', subject: 'Hello', text: 'Hi Ada' };

@Module({})
class ReconcilingModule {}

interface Site {
  readonly url: string;
  readonly outbox: MailOutbox;
  readonly webhook: SendGridWebhook;
  readonly events: readonly MailOutboxEvent[];
}

describe.each(STORES)('events of SendGrid, with %s', (_name, start) => {
  let store: StoreServer;
  let relay: FakeSendGrid;
  let queueName: string;
  let queues = 0;

  beforeAll(async () => {
    store = await start();
  });

  afterAll(() => store.remove());

  beforeEach(async () => {
    relay = await FakeSendGrid.start();
    queueName = `queue-${(queues += 1)}`;
  });

  afterEach(async () => {
    relay.release();
    await relay.stop();
  });

  /** An application with the webhook, which hands its events to the outbox. */
  async function site(options: Partial<MailOutboxOptions> = {}): Promise<Site> {
    const app = await NestFactory.create(
      {
        module: ReconcilingModule,
        imports: [
          SendGridSmtpModule.forRoot({
            ...relay.options,
            defaults: { from: 'Shop <hello@shop.example>' },
          }),
          SendGridWebhookModule.forRoot({
            publicKeys: relay.webhook.publicKey,
          }),
          MailOutboxModule.forRoot({
            connection: store.url,
            environment: 'test',
            lockMs: 1000,
            queueName,
            ...options,
          }),
        ],
      },
      { logger: false },
    );
    const outbox = app.get(MailOutbox);
    const webhook = app.get(SendGridWebhook);
    webhook.reconcileWith(outbox);
    const events: MailOutboxEvent[] = [];
    outbox.events$.subscribe((event) => events.push(event));
    await app.listen(0, '127.0.0.1');
    onTestFinished(() => app.close());
    const url = `${await app.getUrl()}/sendgrid/events`;
    return { url, outbox, webhook, events };
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
    expect(await relay.webhook.post(url, events)).toBe(204);
  }

  it('settle a message whose reply was lost, and no other', async () => {
    const one = await site();
    relay.fail('message', 'accept-and-drop');
    await one.outbox.enqueue(MESSAGE, { id: 'taken' });
    await becomes(one, 'taken', 'uncertain');
    relay.fail('message', 'drop');
    await one.outbox.enqueue(MESSAGE, { id: 'lost' });
    await becomes(one, 'lost', 'uncertain');
    const [taken] = relay.messages;
    if (taken === undefined) throw new Error('Nothing was taken');
    // Of long before, so of another message under the same id.
    const old = { timestamp: 1, sg_event_id: 'old' };
    const other = { 'smtp-id': '<other@shop.example>' };
    const strange = [old, other].flatMap((fields) =>
      relay.webhook.events(taken, 'processed', fields),
    );

    expect(await one.webhook.reconcile(strange)).toBe(0);
    expect(await one.outbox.status('taken')).toBe('uncertain');
    const events = relay.webhook.events(taken, 'processed');
    await post(one, ...events, ...events);
    await becomes(one, 'taken', 'sent');
    expect(await one.outbox.status('lost')).toBe('uncertain');
    expect(relay.messages).toHaveLength(1);
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
      relay.fail('message', 'stall', { when });
    });
    const worker = await WorkerProcess.start(store, relay, {
      outbox: { queueName },
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
    relay.fail('message', 'accept-and-drop');
    await one.outbox.enqueue(MESSAGE, { id: 'taken in time' });
    await becomes(one, 'taken in time', 'uncertain');
    relay.fail('message', 'drop');
    await one.outbox.enqueue(MESSAGE, { id: 'lost for good' });
    await becomes(one, 'lost for good', 'uncertain');
    relay.fail('message', 'drop');
    const own = { ...MESSAGE, messageId: '<own@shop.example>' };
    await one.outbox.enqueue(own, { id: 'never named' });
    const [taken] = relay.messages;
    if (taken === undefined) throw new Error('Nothing was taken');
    await post(one, ...relay.webhook.events(taken, 'delivered'));
    await becomes(one, 'taken in time', 'sent');
    await becomes(one, 'lost for good', 'sent');

    expect(relay.messages).toHaveLength(2);
    expect(await one.outbox.status('never named')).toBe('uncertain');
  });
});
