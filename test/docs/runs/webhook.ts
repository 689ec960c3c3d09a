import type { DynamicModule, Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { SendGridSmtpModule } from 'nestjs-sendgrid-smtp';
import type { FakeSendGrid } from 'nestjs-sendgrid-smtp/testing';
import {
  SendGridWebhook,
  SendGridWebhookModule,
  type SendGridEventBase,
} from 'nestjs-sendgrid-smtp/webhook';
import { expect, onTestFinished, vi, type MockInstance } from 'vitest';

import { startRelay } from '../support/capturing.js';
import { NEEDS_A_STORE, type Load, type Runs } from '../support/run.js';
import { start, type Started } from '../support/start.js';
import { until } from '../support/until.js';

const FROM = { defaults: { from: 'hello@shop.example' } };

/** Starts a page's modules over a relay whose webhook they believe. */
async function startHooked(
  load: () => Promise<readonly (Type | DynamicModule)[]>,
): Promise<Started & { relay: FakeSendGrid; url: string }> {
  const relay = await startRelay();
  vi.stubEnv('SENDGRID_WEBHOOK_KEY', relay.webhook.publicKey);
  const instead = { ...relay.options, ...FROM };
  const started = await start({ imports: [...(await load())] }, instead);
  await started.app.listen(0, '127.0.0.1');
  return { ...started, relay, url: await started.app.getUrl() };
}

async function moduleOf(load: Load): Promise<[Type]> {
  const { AppModule } = await load<{ AppModule: Type }>();
  return [AppModule];
}

/** Spies on a method that keeps what decorators have said of it. */
function watched<Name extends string>(
  prototype: Record<Name, (...args: never[]) => unknown>,
  name: Name,
): MockInstance {
  const method = prototype[name];
  const spy = vi.fn(method);
  for (const key of Reflect.getMetadataKeys(method) as unknown[]) {
    Reflect.defineMetadata(key, Reflect.getMetadata(key, method), spy);
  }
  Object.assign(prototype, { [name]: spy });
  return spy;
}

/** What a reader's own application has. */
async function modules(): Promise<DynamicModule[]> {
  const publicKeys = process.env['SENDGRID_WEBHOOK_KEY'] ?? '';
  return [
    SendGridSmtpModule.forRoot({}),
    SendGridWebhookModule.forRoot({ publicKeys }),
  ];
}

export const WEBHOOK: Runs = {
  Deliverability: async (load) => {
    let handled: MockInstance | undefined;
    const { mail, relay, url } = await startHooked(async () => {
      const block = await load<{
        AppModule: Type;
        Deliverability: Type<{ onFailure: (event: object) => Promise<void> }>;
      }>();
      handled = watched(block.Deliverability.prototype, 'onFailure');
      return [block.AppModule];
    });
    await mail.send({ to: 'ada@example.com', subject: 'Hi', text: 'Hi' });
    const [sent] = await relay.waitFor(1);
    const events = sent ? relay.webhook.events(sent, 'bounce') : [];

    await relay.webhook.post(`${url}/hooks/sendgrid`, events);

    await until(() => handled?.mock.calls.length === 1);
    expect(handled?.mock.calls[0]?.[0]).toMatchObject({
      email: 'ada@example.com',
    });
  },
  HooksController: async (load) => {
    const relay = await startRelay();
    vi.stubEnv('SENDGRID_WEBHOOK_KEY', relay.webhook.publicKey);
    const { HooksController } = await load<{ HooksController: Type }>();
    const publicKeys = relay.webhook.publicKey;
    const module = await Test.createTestingModule({
      imports: [SendGridWebhookModule.forRoot({ publicKeys, path: false })],
      controllers: [HooksController],
    }).compile();
    const app = module.createNestApplication({ rawBody: true, logger: false });
    onTestFinished(() => app.close());
    await app.listen(0, '127.0.0.1');
    const url = `${await app.getUrl()}/hooks/sendgrid`;
    const told: SendGridEventBase[] = [];
    app.get(SendGridWebhook).events$.subscribe((event) => told.push(event));

    await relay.webhook.post(url, [
      relay.webhook.lateBounce('ada@example.com'),
    ]);
    const unsigned = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '[]',
    });

    expect(unsigned.status).toBe(403);
    await until(() => told.length > 0);
    expect(told).toMatchObject([{ event: 'bounce', email: 'ada@example.com' }]);
  },
  RedisSeenEvents: NEEDS_A_STORE,
  redis: NEEDS_A_STORE,
  RedisSuppressions: NEEDS_A_STORE,
  orderOf: async (load) => {
    const findBy = vi.fn(async (column: string, value: string) =>
      column === 'mail_id' && value === 'm-1' ? { id: 4711 } : undefined,
    );
    vi.stubGlobal('orders', { findBy, latestTo: vi.fn() });
    const { orderOf } = await load<{
      orderOf: (event: SendGridEventBase) => Promise<unknown>;
    }>();

    expect(await orderOf({ event: 'bounce', mail_id: 'm-1' })).toEqual({
      id: 4711,
    });
  },
  RedisUnknownSends: NEEDS_A_STORE,
  'suppressing.module.ts': async (load) => {
    const { mail, relay, url } = await startHooked(() => moduleOf(load));
    const message = { to: 'ada@example.com', subject: 'Hi', text: 'Hi' };
    await mail.send(message);
    const [sent] = await relay.waitFor(1);
    const events = sent ? relay.webhook.events(sent, 'spamreport') : [];

    await relay.webhook.post(`${url}/sendgrid/events`, events);

    await until(async () => {
      const failure: unknown = await mail
        .send(message)
        .catch((e: unknown) => e);
      return Object(failure).code === 'SUPPRESSED';
    });
    expect(relay.messages.length).toBeGreaterThanOrEqual(1);
  },
  bounceFirst: async (load) => {
    const { bounceFirst } = await load<{
      bounceFirst: (relay: FakeSendGrid, url: string) => Promise<void>;
    }>();
    const told: SendGridEventBase[] = [];
    const { mail, relay, url, app } = await startHooked(modules);
    app
      .get(SendGridWebhook)
      .events$.subscribe((event) => void told.push(event));
    await mail.send({ to: 'ada@example.com', subject: 'Hi', text: 'Hi' });

    await bounceFirst(relay, `${url}/sendgrid/events`);

    await until(() => told.length === 2);
    expect(told.map(({ event }) => event)).toEqual(['processed', 'bounce']);
  },
};
