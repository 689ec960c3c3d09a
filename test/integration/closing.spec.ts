import { NestFactory } from '@nestjs/core';
import { createTransport } from 'nodemailer';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  MailService,
  SendGridSmtpModule,
  SendGridTransport,
  type DrainReport,
  type MailMessage,
  type SendGridSmtpModuleOptions,
} from 'nestjs-sendgrid-smtp';
import { FakeSendGrid, SENDGRID_REPLIES } from 'nestjs-sendgrid-smtp/testing';
import { MESSAGE } from './support/options.js';
import { recordLogs } from './support/recording-logger.js';

const DEFAULTS = { from: 'shop@example.com' };
const TIMEOUT_MS = 400;

const logger = recordLogs();
const onReport = vi.fn<(report: DrainReport) => void>();

let relay: FakeSendGrid;

beforeEach(async () => {
  onReport.mockReset();
  relay = await FakeSendGrid.start();
});

afterEach(() => relay.stop());

interface Instance {
  readonly mail: MailService;
  close(): Promise<void>;
}

async function instance(
  options: Partial<SendGridSmtpModuleOptions> = {},
): Promise<Instance> {
  const module = SendGridSmtpModule.forRoot({
    ...relay.options,
    defaults: DEFAULTS,
    shutdown: { timeoutMs: TIMEOUT_MS, onReport },
    ...options,
  });
  const app = await NestFactory.createApplicationContext(module, { logger });
  return { mail: app.get(MailService), close: () => app.close() };
}

/** Closes and resolves with how the sends ended and how long it all took. */
async function closing(
  { close }: Instance,
  sends: readonly Promise<unknown>[],
): Promise<{ results: unknown[]; tookMs: number }> {
  const settled = Promise.allSettled(sends);
  const startedAt = performance.now();
  await close();
  const tookMs = performance.now() - startedAt;
  return { results: await settled, tookMs };
}

describe('closing settles everything', () => {
  const LOST = { reason: { code: 'SHUT_DOWN', deliveryState: 'not-sent' } };

  it('while the relay does not greet', async () => {
    relay.fail('greeting', 'stall', { times: 10 });
    const app = await instance();
    const sends = [app.mail.send(MESSAGE), app.mail.verify()];
    await relay.waitUntil(({ open }) => open > 0);

    const { results, tookMs } = await closing(app, sends);

    expect(results).toMatchObject([LOST, { reason: { code: 'SHUT_DOWN' } }]);
    expect(tookMs).toBeLessThan(TIMEOUT_MS + 1000);
    expect(onReport.mock.calls).toMatchObject([
      [{ notSent: 1, abandoned: [{ message: MESSAGE }] }],
    ]);
  });

  it('while a key is asked for', async () => {
    const apiKey = vi.fn<() => Promise<string>>(() => new Promise(() => {}));
    const app = await instance({ apiKey });
    const sends = [app.mail.send(MESSAGE)];
    await vi.waitFor(() => expect(apiKey).toHaveBeenCalled());

    const { results, tookMs } = await closing(app, sends);

    expect(results).toMatchObject([LOST]);
    expect(tookMs).toBeLessThan(TIMEOUT_MS + 1000);
  });

  it('while a message waits for another attempt', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    relay.fail('message', '451 Try again later');
    const app = await instance({ retry: { baseDelayMs: 20_000 } });
    const sends = [app.mail.send(MESSAGE)];
    await relay.waitUntil(({ rejected }) => rejected === 1);

    const { results } = await closing(app, sends);

    expect(results).toMatchObject([LOST]);
    expect(onReport.mock.calls[0]?.[0].abandoned).toMatchObject([
      { message: MESSAGE, lane: 'normal' },
    ]);
  });

  it('while set-ups back off', async () => {
    relay.fail('greeting', 'drop', { times: 1000 });
    const app = await instance();
    const sends = [app.mail.send(MESSAGE)];
    await relay.waitUntil(({ connections }) => connections > 0);

    const { results } = await closing(app, sends);

    expect(results).toMatchObject([LOST]);
  });

  it('while somebody has paused sending, and does not wait for the clock', async () => {
    const app = await instance({ shutdown: { timeoutMs: 60_000, onReport } });
    app.mail.pause('Template 7');
    const sends = [app.mail.send(MESSAGE)];
    app.mail.enqueue({ ...MESSAGE, subject: 'Queued' });

    const { results, tookMs } = await closing(app, sends);

    expect(results).toMatchObject([LOST]);
    expect(tookMs).toBeLessThan(5000);
    expect(onReport.mock.calls).toMatchObject([
      [
        {
          notSent: 2,
          abandoned: [MESSAGE, { subject: 'Queued' }].map((message) => ({
            message,
          })),
        },
      ],
    ]);
    expect(relay.counters.accepted).toBe(0);
  });

  it('while the account may not send', async () => {
    relay.fail('auth', SENDGRID_REPLIES.creditsExceeded, { times: 100 });
    const app = await instance();
    const sends = [app.mail.send(MESSAGE), app.mail.send(MESSAGE)];
    await vi.waitFor(
      () => expect(app.mail.stats().account).toBe('paused'),
      5000,
    );

    const { results, tookMs } = await closing(app, sends);

    expect(results).toMatchObject([LOST, LOST]);
    expect(tookMs).toBeGreaterThanOrEqual(TIMEOUT_MS - 20);
    expect(onReport.mock.calls[0]?.[0].abandoned).toHaveLength(2);
  });

  it('when it is closed again and again, and reports once', async () => {
    relay.fail('message', 'stall');
    const app = await instance();
    const sends = [app.mail.send(MESSAGE)];
    await relay.waitUntil(({ open }) => open > 0);
    const settled = Promise.allSettled([
      ...sends,
      app.close(),
      app.mail.drain({ timeoutMs: 60_000 }),
      app.close(),
    ]);

    expect((await settled)[0]).toMatchObject({ status: 'rejected' });
    expect((await settled).slice(1)).toMatchObject([
      { status: 'fulfilled' },
      { status: 'fulfilled' },
      { status: 'fulfilled' },
    ]);
    await app.close();
    expect(onReport).toHaveBeenCalledTimes(1);
  });

  it('and takes controls afterwards that have nothing to control', async () => {
    const { mail, close } = await instance();
    await close();

    mail.pause('too late');
    mail.setRateLimit({ messages: 1, perMs: 1000 });
    expect(mail.purge()).toEqual([]);
    mail.resume();
    await expect(mail.send(MESSAGE)).rejects.toMatchObject({
      code: 'SHUT_DOWN',
    });
  });
});

describe('what was abandoned', () => {
  async function abandonedBy(message: MailMessage): Promise<MailMessage> {
    const app = await instance();
    app.mail.pause('Template 7');
    const sends = [app.mail.send(message)];
    await new Promise(setImmediate);
    await closing(app, sends);
    return onReport.mock.calls[0]?.[0].abandoned[0]?.message ?? {};
  }

  it('can be sent by the next process, after JSON too', async () => {
    const kept = await abandonedBy(MESSAGE);
    expect(kept).toBe(MESSAGE);
    const next = await instance();

    // What a queue or a table would give back.
    const read = JSON.parse(JSON.stringify(kept)) as MailMessage;
    await next.mail.send(kept);
    await next.mail.send(read);

    expect(relay.messages.map(({ subject }) => subject)).toEqual([
      'Hello',
      'Hello',
    ]);
    await next.close();
  });

  it('is without what its caller gave up, or what is no message', async () => {
    const app = await instance();
    app.mail.pause('Template 7');
    const given = new AbortController();
    const { signal } = given;
    const sends = [
      app.mail.send({ ...MESSAGE, subject: 'Aborted' }, { signal }),
      app.mail.send({ ...MESSAGE, subject: 'Kept' }),
    ];
    await new Promise(setImmediate);
    given.abort();
    sends.push(app.mail.send({ subject: 'Nobody' }));

    await closing(app, sends);

    const [report] = onReport.mock.calls[0] ?? [];
    expect(report?.abandoned.map(({ message }) => message.subject)).toEqual([
      'Kept',
    ]);
  });
});

describe('SendGridTransport.close', () => {
  function transport(): SendGridTransport {
    const shutdown = { timeoutMs: 300, onReport };
    return new SendGridTransport({ ...relay.options, shutdown });
  }

  it('reports, and what was abandoned can be sent again', async () => {
    relay.fail('mail', 'stall', { times: 100 });
    const first = transport();
    const mailer = createTransport(first, DEFAULTS);
    const sent = Promise.allSettled([mailer.sendMail({ ...MESSAGE })]);
    await relay.waitUntil(({ open }) => open > 0);
    await Promise.all([first.close(), first.close()]);
    relay.clear();

    expect(await sent).toMatchObject([{ reason: { code: 'SHUT_DOWN' } }]);
    expect(onReport.mock.calls).toMatchObject([
      [{ notSent: 1, abandoned: [{ message: MESSAGE, lane: 'normal' }] }],
    ]);
    const [mail] = onReport.mock.calls[0]?.[0].abandoned ?? [];
    const next = transport();
    const other = createTransport(next, DEFAULTS);
    // What nodemailer gave this transport, with its own types.
    const send = other.sendMail.bind(other) as (message: unknown) => unknown;
    const receipt = await send(mail?.message);
    expect(receipt).toMatchObject({ messageId: mail?.messageId });
    expect(relay.messages).toMatchObject([{ subject: 'Hello' }]);
    await next.close();
  });
});
