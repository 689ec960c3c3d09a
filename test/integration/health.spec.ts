import { Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';
import { afterEach, describe, expect, it } from 'vitest';
import {
  getMailServiceToken,
  MailService,
  SendGridSmtpModule,
  type SendGridSmtpModuleOptions,
} from 'nestjs-sendgrid-smtp';
import {
  MailHealthIndicator,
  MailHealthModule,
  type MailHealthOptions,
  type MailHealthResult,
} from 'nestjs-sendgrid-smtp/health';
import { FakeSendGrid } from 'nestjs-sendgrid-smtp/testing';
import { ScriptedServer } from '../support/scripted-server.js';
import { API_KEY, CAPTURE, LEAK, MESSAGE } from './support/options.js';

const { defaults } = CAPTURE;

/** What an impaired instance is, with the terminus that is installed. */
const IMPAIRED =
  'degraded' in new HealthIndicatorService().check('mail') ? 'degraded' : 'up';

let app: INestApplicationContext | undefined;
let stop: (() => Promise<void>) | undefined;

@Module({})
class AppModule {}

async function start(
  ...instances: SendGridSmtpModuleOptions[]
): Promise<MailService> {
  const imports = [
    ...instances.map((options) => SendGridSmtpModule.forRoot(options)),
    MailHealthModule,
  ];
  const module = { module: AppModule, imports };
  app = await NestFactory.createApplicationContext(module, { logger: false });
  return app.get(getMailServiceToken(instances[0]?.name));
}

async function startOnRelay(
  options: Partial<SendGridSmtpModuleOptions> = {},
): Promise<{ mail: MailService; relay: FakeSendGrid }> {
  const relay = await FakeSendGrid.start({ apiKey: API_KEY });
  stop = () => relay.stop();
  const mail = await start({ ...relay.options, defaults, ...options });
  return { mail, relay };
}

async function check(
  options?: MailHealthOptions,
): Promise<MailHealthResult<'mail'>['mail']> {
  if (app === undefined) throw new Error('not started');
  const { mail } = await app.get(MailHealthIndicator).check('mail', options);
  return mail;
}

afterEach(async () => {
  await app?.close();
  await stop?.();
  app = undefined;
  stop = undefined;
});

describe('MailHealthIndicator', () => {
  it('is up with the live state of the pool', async () => {
    const { mail } = await startOnRelay();
    await mail.send(MESSAGE);

    const health = await check({ probeIntervalMs: 0 });

    expect(health).toEqual({
      status: 'up',
      troubles: [],
      mode: 'smtp',
      connections: { open: 1, connecting: 0, busy: 0, idle: 1 },
      queue: mail.stats().queue,
      account: 'ok',
      pausedSenders: 0,
    });
  });

  it('opens no connection and does not log in', async () => {
    const { relay } = await startOnRelay();

    for (let i = 0; i < 5; i += 1) await check({ probeIntervalMs: 1 });

    expect(relay.counters.connections).toBe(0);
    expect(await check()).not.toHaveProperty('probe');
  });

  it('is in the answer of terminus, which stays ok', async () => {
    const started = await start(CAPTURE);
    started.pause('incident 7');
    if (app === undefined) throw new Error('not started');
    const mail = app.get(MailHealthIndicator);
    const health = app.get(HealthCheckService, { strict: false });

    const result = await health.check([() => mail.check('mail')]);

    expect(result).toMatchObject({
      status: IMPAIRED === 'degraded' ? 'degraded' : 'ok',
      info: { mail: { troubles: ['paused'], paused: 'incident 7' } },
    });
  });

  it('looks at the instance that is named, and refuses unknown names', async () => {
    await start(CAPTURE, { ...CAPTURE, name: 'alerts' });
    app?.get<MailService>(getMailServiceToken('alerts')).pause('not now');

    expect(await check()).toMatchObject({ troubles: [] });
    expect(await check({ name: 'alerts' })).toMatchObject({
      troubles: ['paused'],
    });
    await expect(check({ name: 'news' })).rejects.toMatchObject({
      code: 'INVALID_OPTIONS',
      message: expect.stringContaining("'news' is no mail instance"),
    });
  });

  it('names mode and the domain that mail is redirected to', async () => {
    const redirect = { to: 'qa@staging.example' };
    const mail = await start({ ...CAPTURE, redirect });
    await mail.send(MESSAGE);

    const health = await check();

    expect(health).toMatchObject({
      mode: 'capture',
      redirect: 'staging.example',
    });
    expect(JSON.stringify(health)).not.toContain('qa@');
  });
});

describe('what is wrong with an instance', () => {
  it('never takes it down by default', async () => {
    const { mail, relay } = await startOnRelay();
    relay.fail('auth', '535 5.7.8 Authentication failed');
    await mail.verify().catch(() => undefined);
    await socketsGone(mail);

    const health = await check();

    expect(health).toMatchObject({
      status: IMPAIRED,
      account: 'refused',
      troubles: ['paused', 'unreachable'],
    });
    expect(JSON.stringify(health)).not.toMatch(LEAK);
  });

  it('is paused while the operator holds mail back', async () => {
    const mail = await start(CAPTURE);
    mail.pause('bad template for ada@example.net');

    expect(await check({ failOn: ['queueFull', 'unreachable'] })).toMatchObject(
      {
        status: IMPAIRED,
        paused: 'bad template for ***@example.net',
      },
    );
    expect(await check({ failOn: ['paused'] })).toMatchObject({
      status: 'down',
      troubles: ['paused'],
    });
    mail.resume();
    expect(await check({ failOn: ['paused'] })).toMatchObject({ status: 'up' });
  });

  it('is paused while SendGrid takes no mail of the account', async () => {
    const { mail, relay } = await startOnRelay();
    relay.fail('mail', '451 4.7.1 Maximum credits exceeded', { times: 99 });
    const sent = mail.send(MESSAGE, { signal: AbortSignal.timeout(300) });
    await sent.catch(() => undefined);

    const { account } = mail.stats();
    expect(account).toBe('paused');
    expect(await check({ failOn: ['paused'] })).toMatchObject({
      status: 'down',
      account: 'paused',
    });
  });

  it('is a full queue', async () => {
    const queue = { maxMessages: 2 };
    const mail = await start({ ...CAPTURE, queue });
    mail.pause('hold');
    const sends = [mail.send(MESSAGE), mail.send(MESSAGE)];

    const health = await check({ failOn: ['queueFull'] });
    mail.resume();
    await Promise.all(sends);

    expect(health).toMatchObject({
      status: 'down',
      troubles: ['paused', 'queueFull'],
    });
    expect(await check({ failOn: ['queueFull'] })).toMatchObject({
      status: 'up',
    });
  });

  it('is a relay that cannot be reached', async () => {
    const { mail, relay } = await startOnRelay();
    await relay.stop();
    await mail.verify().catch(() => undefined);
    await socketsGone(mail);

    const health = await check({ failOn: ['unreachable'] });

    expect(health).toMatchObject({
      status: 'down',
      troubles: ['unreachable'],
      outageMs: expect.any(Number),
    });
  });
});

describe('the probe', () => {
  it('asks once within the interval, on an idle connection', async () => {
    const server = await ScriptedServer.start();
    stop = () => server.stop();
    const mail = await start({ ...server.options, defaults });
    await mail.send(MESSAGE);

    for (let i = 0; i < 5; i += 1) await check({ probeIntervalMs: 60_000 });
    const { probe } = await probed();

    expect(server.count('NOOP')).toBe(1);
    expect(server.count('AUTH')).toBe(1);
    expect(probe.ok).toBe(true);
    expect(Math.abs(Date.now() - probe.at)).toBeLessThan(20_000);
  });

  it('asks again once the interval is over', async () => {
    const server = await ScriptedServer.start();
    stop = () => server.stop();
    const mail = await start({ ...server.options, defaults });
    await mail.send(MESSAGE);

    await check({ probeIntervalMs: 1 });
    while (server.count('NOOP') < 2) {
      await new Promise((resolve) => setTimeout(resolve, 2));
      await check({ probeIntervalMs: 1 });
    }

    expect(server.connections).toBe(1);
  });

  it('does not wait for the answer, and tells of a connection it lost', async () => {
    let hangUp = (): void => undefined;
    const after = new Promise<void>((resolve) => {
      hangUp = resolve;
    });
    const server = await ScriptedServer.start(({ event }) =>
      event === 'NOOP' ? { say: '', after, then: 'fin' } : undefined,
    );
    stop = () => server.stop();
    const mail = await start({ ...server.options, defaults });
    await mail.send(MESSAGE);

    const before = await check();
    hangUp();
    const { probe } = await probed();
    await mail.send(MESSAGE);

    expect(before).not.toHaveProperty('probe');
    expect(probe.ok).toBe(false);
    expect(server.accepted).toHaveLength(2);
  });
});

/** Waits until no connection holds its place any more. */
async function socketsGone(mail: MailService): Promise<void> {
  while (mail.stats().connections.open > 0) await new Promise(setImmediate);
}

/** The health once a probe has ended. */
async function probed(): Promise<{ probe: { ok: boolean; at: number } }> {
  for (;;) {
    const { probe } = await check();
    if (probe !== undefined) return { probe };
    await new Promise(setImmediate);
  }
}
