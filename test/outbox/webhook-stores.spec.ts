import { Redis } from 'ioredis';
import {
  MailService,
  SendGridSmtpModule,
  type MailEvent,
  type SendGridSmtpModuleOptions,
} from 'nestjs-sendgrid-smtp';
import type { FakeEvent } from 'nestjs-sendgrid-smtp/testing';
import type { UnknownSend } from 'nestjs-sendgrid-smtp/webhook';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { recordLogs } from '../integration/support/recording-logger.js';
import { WebhookApp } from '../integration/support/webhook-app.js';
import { startRedis } from '../support/stores/redis.js';
import type { StoreServer } from '../support/stores/store-server.js';
import { RedisSeenEvents } from './examples/redis-seen-events.js';
import { RedisSuppressions } from './examples/redis-suppressions.js';
import { RedisUnknownSends } from './examples/redis-unknown-sends.js';
import { eventually } from './support/eventually.js';

/** What docs/webhook.md shows: a test of the pages holds it to these files. */
const PATH = '/sendgrid/events';
const DEFAULTS = { from: 'Shop <hello@shop.example>' };
const MESSAGE = { to: 'Ada@Example.net', subject: 'Hello', text: 'Hi Ada' };
const DAY_S = 86_400;

let server: StoreServer;
let redis: Redis;
let otherRedis: Redis;
const logs = recordLogs();

// Two processes of one application, as far as they have nothing but Redis.
const web = new WebhookApp(logs);
const other = new WebhookApp();

/** As the page says, but it looks for a server that was gone more often. */
function connect(): Redis {
  const client = new Redis(server.url, {
    enableAutoPipelining: true,
    maxRetriesPerRequest: 1,
    retryStrategy: () => 100,
  });
  return client.on('error', () => undefined);
}

beforeAll(async () => {
  server = await startRedis();
  [redis, otherRedis] = [connect(), connect()];
});

afterEach(async () => {
  await redis.flushall();
});

afterAll(async () => {
  redis.disconnect();
  otherRedis.disconnect();
  await server.remove();
});

const eventOf = (id: string): FakeEvent => ({
  event: 'open',
  email: MESSAGE.to,
  sg_event_id: id,
});

describe('events that were handled, in Redis', () => {
  it('are known by every process, once each, for more than a day', async () => {
    const seen = new RedisSeenEvents(redis);
    const otherSeen = new RedisSeenEvents(otherRedis);

    expect(await seen.enter([])).toEqual([]);
    expect(await seen.enter(['a', 'b', 'a'])).toEqual([true, true, false]);
    expect(await otherSeen.enter(['b', 'c'])).toEqual([false, true]);
    expect(await redis.ttl('sendgrid:event:a')).toBeGreaterThan(DAY_S);
  });

  it('are told of in one process only, whichever they are posted to', async () => {
    const url = await web.start({ seen: new RedisSeenEvents(redis) });
    const otherUrl = await other.start({
      publicKeys: web.sender.publicKey,
      seen: new RedisSeenEvents(otherRedis),
    });
    const events = ['a', 'b', 'c', 'd'].map(eventOf);

    await Promise.all([
      web.sender.post(url + PATH, events),
      web.sender.post(otherUrl + PATH, events.toReversed()),
    ]);

    const told = await eventually(
      () => Promise.resolve([...web.told, ...other.told]),
      ({ length }) => length >= events.length,
    );
    expect(told.map((one) => String(one.sg_event_id)).toSorted()).toEqual([
      'a',
      'b',
      'c',
      'd',
    ]);
  });

  it('are told of while Redis is gone, and known again when it is back', async () => {
    const url = await web.start({ seen: new RedisSeenEvents(redis) });
    await server.kill();

    await web.sender.post(url + PATH, [eventOf('lost')]);
    await eventually(
      () => Promise.resolve(web.told.length),
      (count) => count === 1,
    );
    await server.start();
    await eventually(
      () => redis.ping().catch(() => ''),
      (answer) => answer === 'PONG',
    );
    const post = [eventOf('kept'), eventOf('kept')];
    await web.sender.post(url + PATH, post);
    await eventually(
      () => Promise.resolve(web.told.length),
      (count) => count > 1,
    );

    expect(web.told.map((one) => one.sg_event_id)).toEqual(['lost', 'kept']);
    expect(logs.text).toContain('The store `seen` failed');
  });
});

describe('sends of unknown outcome, in Redis', () => {
  const send: UnknownSend = {
    id: 's1',
    mailId: 'm1',
    messageId: '<1@shop.example>',
    recipients: ['ada@example.net'],
    lane: 'normal',
    since: 1,
    waits: true,
  };
  const by = { mailId: 'm1', recipient: 'ada@example.net', sendGridId: 'q1' };

  it('are settled once, by one of their ids and a recipient', async () => {
    const store = new RedisUnknownSends(redis);
    const otherStore = new RedisUnknownSends(otherRedis);
    await store.add(send);
    await store.add(send);
    const { recipient } = by;
    const byMessageId = { messageId: send.messageId, recipient };

    expect(await store.settledBy(send)).toBe(undefined);
    expect(
      await otherStore.settle([
        { recipient },
        { mailId: 'm2', recipient },
        { mailId: 'm1', recipient: 'bob@example.net' },
      ]),
    ).toEqual([]);
    expect(await otherStore.settle([byMessageId])).toEqual([
      { send, by: byMessageId },
    ]);
    expect(await store.settle([by, by])).toEqual([]);
    expect(await store.settledBy(send)).toEqual(byMessageId);
  });

  it('are settled each when they are parts of one message', async () => {
    const store = new RedisUnknownSends(redis);
    const part = { ...send, id: 's2', recipients: ['bob@example.net'] };
    await store.add(send);
    await store.add(part);

    const named = { ...by, recipient: 'bob@example.net' };

    expect(await store.settle([by, named])).toEqual([
      { send, by },
      { send: part, by: named },
    ]);
  });

  it('are forgotten, by being removed or in the end', async () => {
    const store = new RedisUnknownSends(redis);
    await store.add(send);
    const keys = await redis.keys('*');
    const times = await Promise.all(keys.map((key) => redis.ttl(key)));
    await store.remove(send);

    expect(keys).toHaveLength(2);
    expect(Math.min(...times)).toBeGreaterThan(2 * DAY_S);
    expect(await store.settle([by])).toEqual([]);
    expect(await redis.dbsize()).toBe(0);
  });

  async function startBoth(retry: SendGridSmtpModuleOptions['retry']): Promise<{
    otherUrl: string;
    mail: MailService;
    otherEvents: MailEvent[];
  }> {
    const mailOver = (
      client: Redis,
    ): { imports: [ReturnType<typeof SendGridSmtpModule.forRoot>] } => ({
      imports: [
        SendGridSmtpModule.forRoot({
          ...web.relay.options,
          defaults: DEFAULTS,
          retry,
          unknownSends: new RedisUnknownSends(client),
        }),
      ],
    });
    await web.start({ metadata: mailOver(redis) });
    const otherUrl = await other.start({
      publicKeys: web.sender.publicKey,
      metadata: mailOver(otherRedis),
    });
    const otherEvents: MailEvent[] = [];
    other.app
      .get(MailService)
      .events$.subscribe((event) => otherEvents.push(event));
    return { otherUrl, mail: web.app.get(MailService), otherEvents };
  }

  it('are told of as accepted by the process that their event is posted to', async () => {
    const { otherUrl, mail, otherEvents } = await startBoth({});
    web.relay.fail('message', 'accept-and-drop');
    await expect(mail.send(MESSAGE)).rejects.toMatchObject({
      code: 'OUTCOME_UNKNOWN',
    });
    const processed = web.relay.messages.flatMap((one) =>
      web.sender.events(one, 'processed'),
    );

    await web.sender.post(otherUrl + PATH, [...processed, ...processed]);
    const late = await eventually(
      () =>
        Promise.resolve(
          otherEvents.filter(({ type }) => type === 'settled-late'),
        ),
      ({ length }) => length > 0,
    );

    expect(late).toMatchObject([{ outcome: 'accepted', by: 'event' }]);
  });

  it('that wait succeed by an event that another process was told of', async () => {
    const { otherUrl, mail } = await startBoth({ onUnknown: 'reconcile' });
    web.relay.fail('message', 'accept-and-drop');
    const sent = mail.send(MESSAGE);
    await eventually(
      () => redis.dbsize(),
      (keys) => keys > 0,
    );
    const [message] = web.relay.messages;
    const events = message ? web.sender.events(message, 'processed') : [];

    await web.sender.post(otherUrl + PATH, events);

    await expect(sent).resolves.toMatchObject({
      recipients: [{ state: 'accepted' }],
      sendGridId: message?.id,
    });
    expect(web.relay.messages).toHaveLength(1);
  });
});

describe('addresses that are sent no mail, in Redis', () => {
  it('are found in any case, by the latest reason', async () => {
    const store = new RedisSuppressions(redis);
    await store.add('ada@example.net', 'unsubscribed');
    await store.add('ada@example.net', 'bounced');

    expect(await store.reasonsFor([])).toEqual([]);
    expect(
      await store.reasonsFor(['bob@example.net', 'Ada@Example.net']),
    ).toEqual([undefined, 'bounced']);
  });

  it('are sent none by any process after an event in one', async () => {
    const options = { ...web.relay.options, defaults: DEFAULTS };
    const mail = SendGridSmtpModule.forRoot({
      ...options,
      suppressions: new RedisSuppressions(redis),
    });
    await web.start({ metadata: { imports: [mail] } });
    const otherUrl = await other.start({
      publicKeys: web.sender.publicKey,
      suppressions: new RedisSuppressions(otherRedis),
    });
    const service = web.app.get(MailService);
    await service.send(MESSAGE);

    await web.sender.post(otherUrl + PATH, [web.sender.lateBounce(MESSAGE.to)]);
    await eventually(
      () => redis.hlen('mail:suppressed'),
      (count) => count === 1,
    );

    await expect(service.send(MESSAGE)).rejects.toMatchObject({
      code: 'SUPPRESSED',
    });
    expect(web.relay.messages).toHaveLength(1);
  });
});
