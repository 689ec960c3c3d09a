import { randomBytes } from 'node:crypto';
import type { Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Redis } from 'ioredis';
import {
  SendGridSmtpModule,
  type MailMessage,
  type MailService,
} from 'nestjs-sendgrid-smtp';
import {
  MailOutbox,
  MailOutboxModule,
  type MailOutboxOptions,
} from 'nestjs-sendgrid-smtp/outbox';
import {
  SendGridWebhookModule,
  type SeenEvents,
  type SuppressionStore,
  type UnknownSend,
  type UnknownSendStore,
} from 'nestjs-sendgrid-smtp/webhook';
import pg from 'pg';
import { expect, onTestFinished, vi } from 'vitest';

import {
  startOutbox,
  type OutboxApp,
} from '../../outbox/support/outbox-app.js';
import { startPostgres } from '../../support/stores/postgres.js';
import { startRedis } from '../../support/stores/redis.js';
import type { StoreServer } from '../../support/stores/store-server.js';
import { startRelay } from '../support/capturing.js';
import type { Runs } from '../support/run.js';
import { start } from '../support/start.js';
import { until } from '../support/until.js';

const MESSAGE = { to: 'ada@example.com', subject: 'Hi', text: 'Hi' };

async function untilFinished(starting: Promise<StoreServer>): Promise<string> {
  const store = await starting;
  onTestFinished(() => store.remove());
  return store.url;
}

/** An outbox that enqueues only. */
async function startProducer(
  url: string,
  outbox: Partial<MailOutboxOptions> = {},
): Promise<OutboxApp> {
  const app = await startOutbox({ store: { url }, outbox });
  onTestFinished(() => app.app.close());
  return app;
}

async function connectRedis(): Promise<Redis> {
  const redis = new Redis(await untilFinished(startRedis()));
  onTestFinished(() => redis.disconnect());
  return redis;
}

const SEND: UnknownSend = {
  id: '1',
  mailId: 'm-1',
  messageId: '<m-1@shop.example>',
  recipients: ['ada@example.com'],
  lane: 'normal',
  since: 0,
  waits: false,
};

/** The blocks that need a store, by their pages. */
export const STORE_RUNS: Readonly<Record<string, Runs>> = {
  'docs/outbox.md': {
    Orders: async (load) => {
      vi.stubEnv('REDIS_URL', await untilFinished(startRedis()));
      const block = await load<{
        ShopModule: Type;
        Orders: Type<{
          confirm: (order: { id: string; email: string }) => Promise<void>;
        }>;
      }>();
      const relay = await startRelay();
      const { app } = await start(
        { imports: [block.ShopModule] },
        relay.options,
      );
      const orders = app.get(block.Orders);

      await orders.confirm({ id: '7', email: 'ada@example.com' });
      await orders.confirm({ id: '7', email: 'ada@example.com' });
      await relay.waitFor(1);

      expect(relay.messages).toMatchObject([{ subject: 'Your order' }]);
    },
    placeOrder: async (load) => {
      const { placeOrder } = await load<{
        placeOrder: (
          client: pg.Client,
          outbox: MailOutbox,
          orderId: string,
          confirmation: MailMessage,
        ) => Promise<void>;
      }>();
      const url = await untilFinished(startPostgres());
      const { outbox } = await startProducer(url);
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      onTestFinished(() => client.end());
      await client.query('CREATE TABLE orders (id text PRIMARY KEY)');

      await placeOrder(client, outbox, 'order-1', MESSAGE);
      await expect(
        placeOrder(client, outbox, 'order-1', MESSAGE),
      ).rejects.toThrow('duplicate key');

      expect(await outbox.status('order-1')).toBe('waiting');
      expect((await outbox.metrics()).waiting.normal).toBe(1);
    },
    UncertainMail: async (load) => {
      const { UncertainMail } = await load<{ UncertainMail: Type }>();
      const relay = await startRelay();
      const { app } = await start(
        {
          imports: [
            SendGridSmtpModule.forRoot({
              defaults: { from: 'hello@shop.example' },
            }),
            MailOutboxModule.forRoot({
              connection: await untilFinished(startRedis()),
              environment: 'test',
            }),
            SendGridWebhookModule.forRoot({
              publicKeys: relay.webhook.publicKey,
            }),
          ],
          providers: [UncertainMail],
        },
        relay.options,
      );
      await app.listen(0, '127.0.0.1');
      const outbox = app.get(MailOutbox);
      relay.fail('message', 'accept-and-drop');

      await outbox.enqueue(MESSAGE, { id: 'm' });
      await until(async () => (await outbox.status('m')) === 'uncertain');
      const [taken] = await relay.waitFor(1);
      const events = taken ? relay.webhook.events(taken, 'processed') : [];
      await relay.webhook.post(`${await app.getUrl()}/sendgrid/events`, events);

      await until(async () => (await outbox.status('m')) === 'sent');
      expect((await outbox.metrics()).uncertain).toBe(0);
    },
    encryption: async (load) => {
      for (const name of ['OUTBOX_KEY', 'OUTBOX_KEY_BEFORE']) {
        vi.stubEnv(name, randomBytes(32).toString('base64'));
      }
      const { encryption } = await load<{
        encryption: MailOutboxOptions['encryption'];
      }>();
      const redis = await connectRedis();
      const { host, port } = redis.options;
      const { outbox } = await startProducer(`redis://${host}:${port}`, {
        encryption,
      });

      const { jobId } = await outbox.enqueue(MESSAGE);

      const data = await redis.hget(`bull:mail-outbox:${jobId}`, 'data');
      expect(data).toContain('"key":"2026-07"');
      expect(data).not.toContain('ada@example.com');
    },
  },
  'docs/incidents.md': {
    FleetIncidents: async (load) => {
      const { FleetIncidents } = await load<{
        FleetIncidents: new (outbox: MailOutbox) => {
          hold(reason: string): Promise<void>;
          takeBack(ids: readonly string[]): Promise<number>;
          goOn(): Promise<void>;
        };
      }>();
      const { outbox } = await startProducer(
        await untilFinished(startRedis()),
        { fleet: { maxConnections: 2 } },
      );
      const incidents = new FleetIncidents(outbox);
      await outbox.enqueue(MESSAGE, { id: 'wrong' });

      await incidents.hold('wrong template');
      expect(await outbox.fleet()).toMatchObject({ paused: 'wrong template' });
      expect(await incidents.takeBack(['wrong', 'other'])).toBe(1);
      await incidents.goOn();
      expect(await outbox.fleet()).toMatchObject({
        limits: { rateLimit: { messages: 50, perMs: 1000 } },
      });
    },
  },
  'docs/security-and-privacy.md': {
    'forget-me.ts': async (load) => {
      const { forget } = await load<{
        forget: (
          address: string,
          mail: MailService,
          outbox: MailOutbox,
          ids: readonly string[],
        ) => Promise<number>;
      }>();
      const { outbox } = await startProducer(await untilFinished(startRedis()));
      const { mail } = await start(
        {
          imports: [
            SendGridSmtpModule.forRoot({
              defaults: { from: 'hello@shop.example' },
            }),
          ],
        },
        (await startRelay()).options,
      );
      mail.pause('a test');
      mail.send(MESSAGE).catch(() => undefined);
      await outbox.enqueue(MESSAGE, { id: 'waiting' });

      const ids = ['waiting', 'long gone'];
      expect(await forget('ada@example.com', mail, outbox, ids)).toBe(2);
      expect(await outbox.status('waiting')).toBe('absent');
    },
  },
  'docs/serverless.md': {
    'mail-producer.ts': async (load) => {
      vi.stubEnv('REDIS_URL', await untilFinished(startRedis()));
      const { ProducerModule } = await load<{ ProducerModule: Type }>();
      const app = await NestFactory.createApplicationContext(ProducerModule, {
        logger: false,
      });
      onTestFinished(() => app.close());

      await app.get(MailOutbox).enqueue(MESSAGE, { id: 'event-1' });

      expect(await app.get(MailOutbox).status('event-1')).toBe('waiting');
    },
  },
  'docs/webhook.md': {
    RedisSeenEvents: async (load) => {
      const { RedisSeenEvents } = await load<{
        RedisSeenEvents: new (redis: Redis) => SeenEvents;
      }>();
      const seen = new RedisSeenEvents(await connectRedis());

      expect(await seen.enter(['a', 'b'])).toEqual([true, true]);
      expect(await seen.enter(['b', 'c'])).toEqual([false, true]);
    },
    redis: async (load) => {
      vi.stubEnv('REDIS_URL', await untilFinished(startRedis()));
      const { redis } = await load<{ redis: Redis }>();
      onTestFinished(() => redis.disconnect());

      expect(await redis.ping()).toBe('PONG');
    },
    RedisSuppressions: async (load) => {
      const { RedisSuppressions } = await load<{
        RedisSuppressions: new (redis: Redis) => SuppressionStore;
      }>();
      const list = new RedisSuppressions(await connectRedis());

      await list.add('ada@example.com', 'bounced');

      const asked = ['Ada@example.com', 'bob@example.com'];
      expect(await list.reasonsFor(asked)).toEqual(['bounced', undefined]);
    },
    RedisUnknownSends: async (load) => {
      const { RedisUnknownSends } = await load<{
        RedisUnknownSends: new (redis: Redis) => UnknownSendStore;
      }>();
      const store = new RedisUnknownSends(await connectRedis());
      const by = { mailId: 'm-1', recipient: 'ada@example.com' };

      await store.add(SEND);
      expect(await store.settledBy(SEND)).toBeUndefined();
      expect(await store.settle([by])).toMatchObject([{ send: { id: '1' } }]);
      // Told of once.
      expect(await store.settle([by])).toEqual([]);
      expect(await store.settledBy(SEND)).toMatchObject(by);
      await store.remove(SEND);
    },
  },
};
