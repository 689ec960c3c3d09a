import { Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterEach, describe, expect, it } from 'vitest';
import {
  MailService,
  SendGridSmtpModule,
  type SendGridSmtpModuleOptions,
} from 'nestjs-sendgrid-smtp';
import { MailTelemetryModule } from 'nestjs-sendgrid-smtp/telemetry';
import { FakeSendGrid } from 'nestjs-sendgrid-smtp/testing';
import { recordTelemetry, type Point } from '../support/record-telemetry.js';
import { API_KEY, CAPTURE, MESSAGE } from './support/options.js';

const telemetry = recordTelemetry();
let app: INestApplicationContext | undefined;
let relay: FakeSendGrid | undefined;

@Module({})
class AppModule {}

async function start(
  options: Partial<SendGridSmtpModuleOptions> = {},
): Promise<{ mail: MailService; relay: FakeSendGrid }> {
  relay = await FakeSendGrid.start({ apiKey: API_KEY });
  const { defaults } = CAPTURE;
  const given = { ...relay.options, defaults, ...options };
  const imports = [
    SendGridSmtpModule.forRoot(given),
    MailTelemetryModule.forRoot(),
  ];
  const module = { module: AppModule, imports };
  app = await NestFactory.createApplicationContext(module, { logger: false });
  return { mail: app.get(MailService), relay };
}

/** A metric's values by one of its attributes. */
async function valuesBy(
  metric: string,
  attribute: string,
): Promise<Record<string, unknown>> {
  const points = await telemetry.now.points(metric);
  const entries = points.map(({ attributes, value }) => [
    String(attributes[attribute]),
    value,
  ]);
  return Object.fromEntries(entries);
}

async function onlyPoint(metric: string): Promise<Point | undefined> {
  const points = await telemetry.now.points(metric);
  expect(points).toHaveLength(1);
  return points[0];
}

afterEach(async () => {
  await app?.close();
  await relay?.stop();
  app = undefined;
  relay = undefined;
});

describe('the metrics of messages', () => {
  it('count outcomes by scope and code', async () => {
    const { mail, relay: fake } = await start({ retry: { maxAttempts: 1 } });
    fake.fail('rcpt', '550 5.1.1 unknown', { times: 2 });
    fake.fail('message', 'accept-and-drop');

    for (let i = 0; i < 4; i += 1) await mail.send(MESSAGE).catch(String);
    await mail.send({ subject: 'To nobody' }).catch(String);

    const points = await telemetry.now.points('sendgrid_smtp.messages');
    const facts = points.map(({ attributes, value }) => [
      attributes['sendgrid_smtp.outcome'],
      attributes['sendgrid_smtp.scope'],
      attributes['error.type'],
      value,
    ]);
    expect(facts).toEqual(
      expect.arrayContaining([
        ['not-sent', 'recipient', 'REJECTED', 2],
        ['unknown', 'connection', 'OUTCOME_UNKNOWN', 1],
        ['accepted', undefined, undefined, 1],
        ['not-sent', 'message', 'INVALID_MESSAGE', 1],
      ]),
    );
    expect(facts).toHaveLength(4);
    const sent = await valuesBy('messaging.client.sent.messages', 'error.type');
    expect(sent).toEqual({ REJECTED: 2, OUTCOME_UNKNOWN: 1, undefined: 1 });
  });

  it('record attempts, deferrals and how long it took, in seconds', async () => {
    const retry = { baseDelayMs: 1, maxDelayMs: 1 };
    const { mail, relay: fake } = await start({ retry });
    fake.fail('mail', '451 4.7.1 Try again later', { times: 2 });

    const { timings } = await mail.send(MESSAGE, { lane: 'bulk' });

    const inBulk = { 'sendgrid_smtp.lane': 'bulk' };
    expect(await onlyPoint('sendgrid_smtp.attempts')).toMatchObject({
      attributes: inBulk,
      value: { count: 1, sum: 3 },
    });
    expect(await onlyPoint('sendgrid_smtp.deferrals')).toMatchObject({
      attributes: inBulk,
      value: 2,
    });
    expect(await onlyPoint('sendgrid_smtp.queue.time')).toMatchObject({
      value: { sum: timings.queuedMs / 1000 },
    });
    const took = await onlyPoint('messaging.client.operation.duration');
    const sum = Number(took && Reflect.get(Object(took.value), 'sum'));
    expect(sum).toBeGreaterThan(timings.totalMs / 1000 - 0.01);
    expect(sum).toBeLessThan(timings.totalMs / 1000 + 1);
  });

  it('count the recipients of one message apart', async () => {
    const { mail, relay: fake } = await start();
    fake.fail('rcpt', '550 5.1.1 unknown');

    await mail.send({ ...MESSAGE, to: ['a@b.example', 'c@d.example'] });

    expect(
      await valuesBy('sendgrid_smtp.recipients', 'sendgrid_smtp.outcome'),
    ).toEqual({ accepted: 1, rejected: 1 });
  });
});

describe('the metrics of the queue', () => {
  it('tell depth, bytes and age by lane, and why mail is held', async () => {
    const { mail } = await start();
    mail.pause('incident 7');
    const sends = [
      mail.send(MESSAGE, { lane: 'bulk' }),
      mail.send(MESSAGE, { lane: 'bulk' }),
      mail.send(MESSAGE, { lane: 'urgent' }),
    ];
    await new Promise((resolve) => setTimeout(resolve, 30));

    const lane = 'sendgrid_smtp.lane';
    const depth = await valuesBy('sendgrid_smtp.queue.messages', lane);
    const size = await valuesBy('sendgrid_smtp.queue.size', lane);
    const age = await valuesBy('sendgrid_smtp.queue.age', lane);
    const held = await valuesBy('sendgrid_smtp.held', 'sendgrid_smtp.reason');
    const pending = await onlyPoint('sendgrid_smtp.pending');
    mail.resume();
    await Promise.all(sends);

    expect(depth).toEqual({ urgent: 1, normal: 0, bulk: 2 });
    expect(size).toMatchObject({ normal: 0 });
    expect(size['bulk']).toBe(2 * Number(size['urgent']));
    expect(size['urgent']).toBeGreaterThan(200);
    expect(age['normal']).toBe(0);
    expect(age['bulk']).toBeGreaterThan(0.02);
    expect(age['bulk']).toBeLessThan(20);
    expect(held).toEqual({
      operator: 1,
      'account-paused': 0,
      'account-refused': 0,
      outage: 0,
    });
    expect(pending?.value).toBe(3);
    expect(await valuesBy('sendgrid_smtp.queue.size', lane)).toEqual({
      urgent: 0,
      normal: 0,
      bulk: 0,
    });
  });
});

describe('the metrics of connections', () => {
  it('tell their states, and why they ended', async () => {
    const pool = { maxMessagesPerConnection: 2 };
    const { mail, relay: fake } = await start({ pool });
    fake.fail('auth', '421 4.3.0 not now');

    for (let i = 0; i < 3; i += 1) await mail.send(MESSAGE);

    const states = await valuesBy(
      'sendgrid_smtp.connections',
      'sendgrid_smtp.connection.state',
    );
    const ends = await valuesBy(
      'sendgrid_smtp.connections.closed',
      'sendgrid_smtp.reason',
    );
    expect(states).toMatchObject({ busy: 0 });
    expect(Number(states['idle'])).toBeGreaterThan(0);
    expect(ends).toEqual({ 'lost-auth': 1, cap: 1 });
    const opened = await onlyPoint('sendgrid_smtp.connections.opened');
    expect(opened?.value).toBeGreaterThanOrEqual(2);
  });
});
