import { NestFactory } from '@nestjs/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  MailService,
  SendGridSmtpModule,
  type MailStats,
  type SendGridSmtpModuleOptions,
} from 'nestjs-sendgrid-smtp';
import { FakeSendGrid, SENDGRID_REPLIES } from 'nestjs-sendgrid-smtp/testing';
import { CAPTURE, MESSAGE } from './support/options.js';
import { recordLogs } from './support/recording-logger.js';

type Options = Partial<SendGridSmtpModuleOptions>;

const logger = recordLogs();

let relay: FakeSendGrid;
let close: () => Promise<void>;

beforeEach(async () => {
  relay = await FakeSendGrid.start();
});

afterEach(async () => {
  await close();
  await relay.stop();
});

async function mailWith(options: Options = {}): Promise<MailService> {
  const module = SendGridSmtpModule.forRoot({
    ...relay.options,
    defaults: { from: 'shop@example.com' },
    ...options,
  });
  const app = await NestFactory.createApplicationContext(module, { logger });
  close = () => app.close();
  return app.get(MailService);
}

const MODES: [string, Options][] = [
  ['smtp', {}],
  ['capture', CAPTURE],
];

const PURGED = { code: 'ABORTED', deliveryState: 'not-sent' } as const;

/** What was sent to the relay, in order of arrival. */
function subjects(): (string | undefined)[] {
  return relay.messages.map(({ subject }) => subject);
}

async function until(
  mail: MailService,
  holds: (stats: MailStats) => boolean,
): Promise<void> {
  await vi.waitFor(() => expect(holds(mail.stats())).toBe(true), 10_000);
}

describe.each(MODES)('pause and resume in mode %s', (_, options) => {
  it('hold mail back and let it go, whatever is said twice', async () => {
    const mail = await mailWith(options);
    mail.pause('Template 7 is broken');
    const settled = vi.fn<() => void>();
    const sent = mail.send(MESSAGE);
    sent.finally(settled).catch(() => undefined);
    mail.pause('Template 7 is broken');
    mail.pause('Template 7 names ada@example.net');
    await mail.verify();

    expect(mail.stats()).toMatchObject({
      paused: 'Template 7 names ada@example.net',
      totals: { pending: 1 },
    });
    expect(settled).not.toHaveBeenCalled();
    expect(subjects()).toEqual([]);
    mail.resume();
    mail.resume();

    await expect(sent).resolves.toMatchObject({
      accepted: ['ada@example.net'],
    });
    expect(mail.stats()).not.toHaveProperty('paused');
    expect(logger.ours.filter((line) => /paused|goes on/.test(line))).toEqual([
      expect.stringMatching(/^warn .* paused: Template 7 is broken\. /),
      expect.stringMatching(/^warn .* names \*\*\*@example\.net\. /),
      expect.stringMatching(/^log .* goes on/),
    ]);
  });

  it('need no reason from untyped code', async () => {
    const mail = await mailWith(options);
    Reflect.apply(mail.pause.bind(mail), undefined, []);

    expect(mail.stats().paused).toBe('no reason was given');
    mail.resume();
    expect(mail.stats().paused).toBeUndefined();
  });

  it('leave nothing to a purge that comes after', async () => {
    const mail = await mailWith(options);
    mail.pause('a look');
    const sent = mail.send(MESSAGE);
    await until(mail, ({ totals }) => totals.pending === 1);
    mail.resume();
    const purged = mail.purge();

    const [result] = await Promise.allSettled([sent]);
    expect(result.status).toBe(purged.length === 1 ? 'rejected' : 'fulfilled');
    expect(mail.stats().totals).toMatchObject({
      notSent: purged.length,
      accepted: 1 - purged.length,
    });
  });
});

describe.each(MODES)('purge in mode %s', (_, options) => {
  it('gives back what a pause holds, and the rest goes out', async () => {
    const mail = await mailWith(options);
    mail.pause('Template 7');
    const news = { ...MESSAGE, subject: 'News' };
    const sends = [mail.send(MESSAGE), mail.send(news, { lane: 'bulk' })];
    const settled = Promise.allSettled(sends);
    await new Promise(setImmediate);

    const purged = mail.purge({
      where: ({ message, lane }) =>
        message.subject === 'News' && lane === 'bulk',
    });
    mail.resume();

    expect(purged).toEqual([
      { message: news, lane: 'bulk', messageId: expect.any(String) as string },
    ]);
    expect(purged[0]?.message).toBe(news);
    expect(await settled).toMatchObject([
      { status: 'fulfilled' },
      { reason: PURGED },
    ]);
  });

  it('inside a listener of events$ keeps the message from leaving', async () => {
    const mail = await mailWith(options);
    const types: string[] = [];
    mail.events$.subscribe(({ type }) => {
      types.push(type);
      if (type === 'queued') mail.purge();
    });

    await expect(mail.send(MESSAGE)).rejects.toMatchObject(PURGED);

    await close();
    expect(subjects()).toEqual([]);
    expect(types).toEqual(['queued', 'failed', 'drained']);
    expect(mail.stats().totals).toMatchObject({ accepted: 0, notSent: 1 });
  });

  it('takes what is being composed', async () => {
    const mail = await mailWith({
      ...options,
      plugins: [{ step: 'compile', plugin: () => undefined }],
    });
    const sent = mail.send(MESSAGE);

    expect(mail.purge()).toEqual([{ message: MESSAGE, lane: 'normal' }]);
    expect(mail.purge()).toEqual([]);

    await expect(sent).rejects.toMatchObject(PURGED);
  });

  it('takes what waits for room', async () => {
    const mail = await mailWith({
      ...options,
      queue: { maxMessages: 1, whenFull: 'wait' },
    });
    mail.pause('Template 7');
    const sends = [mail.send(MESSAGE), mail.send(MESSAGE), mail.send(MESSAGE)];
    const settled = Promise.allSettled(sends);

    expect(mail.purge()).toHaveLength(3);

    expect(await settled).toMatchObject([
      { reason: PURGED },
      { reason: PURGED },
      { reason: PURGED },
    ]);
    expect(mail.stats().queue.messages).toBe(0);
    mail.resume();
    await expect(mail.send(MESSAGE)).resolves.toBeDefined();
  });

  it('refuses a lane that is none', async () => {
    const mail = await mailWith(options);
    const lane = 'Bulk' as 'bulk';

    expect(() => mail.purge({ lane })).toThrow(
      expect.objectContaining({
        code: 'INVALID_MESSAGE',
        message: expect.stringContaining('`lane` must be one of') as string,
      }),
    );
  });
});

describe('purge', () => {
  it('takes what waits for another attempt', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
    relay.fail('message', '451 Try again later');
    const mail = await mailWith({ retry: { baseDelayMs: 20_000 } });
    const sent = mail.send(MESSAGE);
    const settled = Promise.allSettled([sent]);
    await relay.waitUntil(({ rejected }) => rejected === 1);
    await until(mail, ({ connections }) => connections.idle === 1);

    expect(mail.purge()).toHaveLength(1);

    expect(await settled).toMatchObject([{ reason: PURGED }]);
  });

  it('takes what is held because of the account', async () => {
    relay.fail('mail', SENDGRID_REPLIES.creditsExceeded, { times: 10 });
    const mail = await mailWith();
    const sends = [mail.send(MESSAGE), mail.send(MESSAGE)];
    const settled = Promise.allSettled(sends);
    await until(mail, ({ account, queue }) => {
      return account === 'paused' && queue.byLane.normal.messages === 2;
    });
    mail.resume();

    expect(mail.purge()).toHaveLength(2);

    expect(await settled).toMatchObject([
      { reason: PURGED },
      { reason: PURGED },
    ]);
    expect(mail.stats().account).toBe('paused');
  });

  it('leaves what is on the wire alone', async () => {
    relay.fail('message', 'stall');
    const mail = await mailWith({ pool: { maxConnections: 1 } });
    const sent = mail.send(MESSAGE);
    await until(mail, ({ connections }) => connections.busy === 1);
    const other = mail.send({ ...MESSAGE, subject: 'Other' });
    const settled = Promise.allSettled([other]);

    const purged = mail.purge();
    relay.release();

    expect(purged.map(({ message }) => message.subject)).not.toContain('Hello');
    await expect(sent).resolves.toBeDefined();
    await settled;
  });
});

describe('setRateLimit', () => {
  it.each([
    null,
    0,
    false,
    5,
    {},
    { messages: 0, perMs: 1000 },
    { messages: 1 },
    { messages: 1, perMs: 1000, per: 1 },
  ])('refuses %j, and changes nothing', async (limit) => {
    const mail = await mailWith({ rateLimit: { messages: 1, perMs: 600_000 } });
    // As untyped callers would.
    const set = (): unknown => Reflect.apply(mail.setRateLimit, mail, [limit]);

    expect(set).toThrow(expect.objectContaining({ code: 'INVALID_OPTIONS' }));

    await mail.send(MESSAGE);
    const held = Promise.allSettled([mail.send(MESSAGE)]);
    await until(mail, ({ queue }) => queue.byLane.normal.messages === 1);
    expect(mail.purge()).toHaveLength(1);
    await held;
  });

  it('raised and lifted lets go what waits', async () => {
    const mail = await mailWith({ rateLimit: { messages: 1, perMs: 600_000 } });
    const sends = Array.from({ length: 8 }, (_, n) =>
      mail.send({ ...MESSAGE, subject: `${n}` }),
    );
    await sends[0];
    mail.setRateLimit({ messages: 3, perMs: 600_000 });
    await relay.waitFor(3);
    await until(mail, ({ totals }) => totals.accepted === 3);
    expect(mail.stats().queue.byLane.normal.messages).toBe(5);
    mail.setRateLimit(undefined);

    await Promise.all(sends);
    expect(relay.messages).toHaveLength(8);
  });

  it('lowered holds back what waits', async () => {
    const mail = await mailWith();
    mail.pause('an incident');
    const sends = Array.from({ length: 5 }, () => mail.send(MESSAGE));
    const settled = Promise.allSettled(sends);
    mail.setRateLimit({ messages: 2, perMs: 600_000 });
    mail.resume();
    await until(mail, ({ totals }) => totals.accepted === 2);
    expect(mail.stats().queue.byLane.normal.messages).toBe(3);
    expect(mail.purge()).toHaveLength(3);

    await settled;
    expect(relay.messages).toHaveLength(2);
  });
});
