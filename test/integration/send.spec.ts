import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { PluginFunction } from 'nodemailer';
import { generateKeyPairSync } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  isMailError,
  MailError,
  MailService,
  SendGridSmtpModule,
  type MailMessage,
  type SendGridSmtpOptions,
  type SendOptions,
} from 'nestjs-sendgrid-smtp';
import { capturedMail, type MailCapture } from 'nestjs-sendgrid-smtp/testing';
import { CAPTURE, MESSAGE } from './support/options.js';

const apps: INestApplicationContext[] = [];

async function start(
  options: SendGridSmtpOptions = {},
): Promise<{ mail: MailService; captured: MailCapture }> {
  const module = SendGridSmtpModule.forRoot({ ...CAPTURE, ...options });
  const app = await NestFactory.createApplicationContext(module, {
    logger: false,
  });
  apps.push(app);
  return { mail: app.get(MailService), captured: capturedMail(app) };
}

function plugin(run: PluginFunction): SendGridSmtpOptions {
  return { plugins: [{ step: 'compile', plugin: run }] };
}

async function failureOf(sent: Promise<unknown>): Promise<MailError> {
  const error: unknown = await sent.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (isMailError(error)) return error;
  throw new Error('No MailError', { cause: error });
}

afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()));
});

describe('MailService.send', () => {
  it('lays the message over the defaults', async () => {
    const { mail, captured } = await start({
      defaults: {
        from: { name: 'Shop', email: 'shop@example.com' },
        replyTo: 'help@example.com',
        headers: { 'X-Team': 'shop', 'X-Kind': 'default' },
      },
    });

    await mail.send({ ...MESSAGE, headers: { 'x-kind': 'welcome' } });

    const raw = captured.sent()[0]?.raw.toString() ?? '';
    expect(raw).toContain('From: Shop <shop@example.com>');
    expect(raw).toContain('Reply-To: help@example.com');
    expect(raw).toContain('X-Team: shop');
    expect(raw).toMatch(/^X-Kind: welcome\r$/m);
    expect(raw).not.toContain('default');
  });

  it('changes neither the message nor the defaults', async () => {
    const defaults = {
      from: 'shop@example.com',
      headers: { 'X-Team': 'shop' },
    };
    const message: MailMessage = {
      ...MESSAGE,
      to: [{ name: 'Ada', email: 'ada@example.net' }],
    };
    const before = structuredClone({ defaults, message });
    const { mail } = await start({ defaults });

    await mail.send(message);

    expect({ defaults, message }).toEqual(before);
  });

  it('gives the receipt that a relay would have given', async () => {
    const { mail } = await start();

    const receipt = await mail.send({ ...MESSAGE, bcc: 'eve@example.org' });

    expect(receipt).toMatchObject({
      messageId: expect.stringMatching(/^<[\w-]+@example\.com>$/),
      envelope: {
        from: 'shop@example.com',
        to: ['ada@example.net', 'eve@example.org'],
      },
      accepted: ['ada@example.net', 'eve@example.org'],
      rejected: [],
      attempts: 1,
    });
    expect(receipt.response).toBe(`250 Ok: queued as ${receipt.sendGridId}`);
  });

  it.each<[string, MailMessage, RegExp]>([
    ['without a recipient', { text: 'x' }, /no recipient/],
    ['without a From', { ...MESSAGE, from: null }, /no From/],
    [
      'with a line feed in an address',
      { ...MESSAGE, to: 'b@y.com\r\nBcc: evil@z.com' },
      /to/,
    ],
    [
      'with a file',
      { ...MESSAGE, attachments: [{ path: '/etc/passwd' }] },
      /attachments\.allowFiles/,
    ],
    [
      'with a URL',
      { ...MESSAGE, html: { href: 'https://example.com' } },
      /attachments\.allowUrls/,
    ],
  ])('refuses a message %s', async (_, message, text) => {
    const { mail, captured } = await start();

    const error = await failureOf(mail.send(message));

    expect(error).toMatchObject({
      code: 'INVALID_MESSAGE',
      deliveryState: 'not-sent',
      retryable: false,
    });
    expect(error.message).toMatch(text);
    expect(captured.sent()).toEqual([]);
    expect(mail.stats()).toMatchObject({
      queue: { messages: 0 },
      totals: { submitted: 1, notSent: 1, pending: 0 },
    });
  });

  it.each([undefined, null, 'mail', 7])(
    'refuses %j as a message',
    async (bad) => {
      const { mail } = await start();

      const error = await failureOf(mail.send(bad as unknown as MailMessage));

      expect(error.code).toBe('INVALID_MESSAGE');
    },
  );

  it.each<SendOptions>([
    { timeoutMs: 0 },
    { timeoutMs: -1 },
    { timeoutMs: Number.NaN },
    { timeoutMs: Number.POSITIVE_INFINITY },
    { timeoutMs: 2 ** 31 },
    { lane: 'fast' as 'urgent' },
    { signal: {} as AbortSignal },
  ])('refuses the options %j', async (options) => {
    const { mail } = await start();

    const error = await failureOf(mail.send(MESSAGE, options));

    expect(error.code).toBe('INVALID_MESSAGE');
    expect(error.message).toContain(`\`${Object.keys(options)[0]}\``);
    expect(mail.stats().totals.submitted).toBe(0);
  });

  it('cannot be handed a ticket or a switched-off check by message data', async () => {
    const { mail, captured } = await start();
    const forged = {
      ...MESSAGE,
      sendTicket: { reservation: {}, cancellation: undefined },
      disableFileAccess: false,
      attachments: [{ path: '/etc/passwd' }],
    };

    const error = await failureOf(mail.send(forged));

    expect(error.message).toMatch(/allowFiles/);
    await mail.send({ ...MESSAGE, sendTicket: 'mine' } as MailMessage);
    expect(captured.sent()[0]?.message).not.toHaveProperty('sendTicket');
  });
});

describe('A full queue', () => {
  it('rejects the next message before anything of it is composed', async () => {
    const goOn: (() => void)[] = [];
    const compiled = vi.fn<PluginFunction>((_, callback) => {
      goOn.push(() => callback());
    });
    const { mail } = await start({
      ...plugin(compiled),
      queue: { maxMessages: 2 },
    });
    const sent = [mail.send(MESSAGE), mail.send(MESSAGE)];

    const error = await failureOf(mail.send(MESSAGE));

    expect(error).toMatchObject({ code: 'QUEUE_FULL', retryable: true });
    expect(compiled).toHaveBeenCalledTimes(2);
    for (const go of goOn) go();
    await expect(Promise.all(sent)).resolves.toHaveLength(2);
    expect(mail.stats().totals).toMatchObject({ accepted: 2, notSent: 1 });
  });

  it('holds the next message back when it is told to wait', async () => {
    const goOn: (() => void)[] = [];
    const compiled = vi.fn<PluginFunction>((_, callback) => {
      goOn.push(() => callback());
    });
    const { mail } = await start({
      ...plugin(compiled),
      queue: { maxMessages: 1, whenFull: 'wait' },
    });
    const first = mail.send(MESSAGE);
    const second = mail.send(MESSAGE);
    const third = mail.send(MESSAGE, { signal: AbortSignal.abort() });

    await expect(failureOf(third)).resolves.toMatchObject({ code: 'ABORTED' });
    expect(compiled).toHaveBeenCalledTimes(1);
    goOn[0]?.();
    await first;
    await vi.waitUntil(() => goOn[1] !== undefined);
    goOn[1]?.();
    await expect(second).resolves.toBeDefined();
  });
});

describe('Giving up', () => {
  const never: PluginFunction = () => undefined;

  it('rejects at once when the signal fires while composing', async () => {
    const { mail } = await start(plugin(never));
    const controller = new AbortController();
    const reason = new Error('The caller has gone');

    const sent = mail.send(MESSAGE, { signal: controller.signal });
    controller.abort(reason);

    const error = await failureOf(sent);
    expect(error).toMatchObject({
      code: 'ABORTED',
      deliveryState: 'not-sent',
      cause: reason,
    });
    expect(mail.stats()).toMatchObject({
      queue: { messages: 0 },
      totals: { notSent: 1, pending: 0 },
    });
  });

  it('rejects when the time limit passes while composing', async () => {
    const { mail } = await start(plugin(never));

    const error = await failureOf(mail.send(MESSAGE, { timeoutMs: 5 }));

    expect(error).toMatchObject({
      code: 'TIMED_OUT',
      deliveryState: 'not-sent',
    });
    expect(mail.stats().queue.messages).toBe(0);
  });

  it('rejects when the time limit passes while a stream is read', async () => {
    const { mail } = await start();
    const stalled = new Readable({ read: () => undefined });

    const error = await failureOf(
      mail.send({ ...MESSAGE, text: stalled }, { timeoutMs: 5 }),
    );

    expect(error.code).toBe('TIMED_OUT');
    expect(mail.stats().queue.messages).toBe(0);
  });

  it('sends nothing that was given up and composed later', async () => {
    let goOn = (): void => undefined;
    const { mail, captured } = await start(
      plugin((_, callback) => {
        goOn = callback;
      }),
    );
    const controller = new AbortController();
    const sent = mail.send(MESSAGE, { signal: controller.signal });
    controller.abort();
    await failureOf(sent);

    goOn();
    await mail.drain();

    expect(captured.sent()).toEqual([]);
    expect(mail.stats().totals).toMatchObject({ submitted: 1, notSent: 1 });
  });

  it('leaves no listener on the signal after a send', async () => {
    const { mail } = await start();
    const { signal } = new AbortController();
    const removed = vi.spyOn(signal, 'removeEventListener');

    await mail.send(MESSAGE, { signal, timeoutMs: 1000 });

    expect(removed).toHaveBeenCalledWith('abort', expect.any(Function));
  });
});

describe('Plugins', () => {
  it('change the message in both steps', async () => {
    const { mail, captured } = await start({
      plugins: [
        {
          step: 'compile',
          plugin: ({ data }, callback) => {
            data.subject = `[shop] ${String(data.subject)}`;
            callback();
          },
        },
        {
          step: 'stream',
          plugin: ({ message }, callback) => {
            message.setHeader('X-Late', 'yes');
            callback();
          },
        },
      ],
    });

    await mail.send(MESSAGE);

    const [sent] = captured.sent();
    expect(sent?.subject).toBe('[shop] Hello');
    expect(sent?.raw.toString()).toContain('X-Late: yes');
  });

  it.each<[string, PluginFunction]>([
    ['calls back with an error', (_, callback) => callback(new Error('no'))],
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
    // Typed as returning nothing, but an async function fits that type.
    ['rejects', () => Promise.reject(new Error('no')) as unknown as undefined],
  ])('that fail refuse the message: one %s', async (_, run) => {
    const { mail } = await start(plugin(run));

    const error = await failureOf(mail.send(MESSAGE));

    expect(error).toMatchObject({
      code: 'INVALID_MESSAGE',
      cause: { message: 'no' },
    });
    expect(mail.stats().totals).toMatchObject({ notSent: 1, pending: 0 });
  });

  it('that call back twice send once', async () => {
    const { mail, captured } = await start(
      plugin((_, callback) => {
        callback();
        callback();
      }),
    );

    await mail.send(MESSAGE);

    expect(captured.sent()).toHaveLength(1);
  });

  it('see no ticket of ours', async () => {
    const seen: object[] = [];
    const { mail } = await start(
      plugin(({ data }, callback) => {
        seen.push({ ...data });
        callback();
      }),
    );

    await mail.send(MESSAGE);

    expect(seen[0]).not.toHaveProperty('sendTicket');
  });

  it('cannot smuggle in what admission refuses', async () => {
    const { mail } = await start({
      plugins: [
        {
          step: 'stream',
          plugin: ({ message }, callback) => {
            message.addHeader('X-SMTPAPI', '{"to":["evil@example.org"]}');
            callback();
          },
        },
      ],
    });

    const error = await failureOf(mail.send(MESSAGE));

    expect(error.code).toBe('INVALID_MESSAGE');
  });
});

describe('The option dkim', () => {
  it('signs the message', async () => {
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    const { mail, captured } = await start({
      dkim: { domainName: 'example.com', keySelector: 's1', privateKey },
    });

    await mail.send(MESSAGE);

    expect(captured.sent()[0]?.raw.toString()).toMatch(
      /^DKIM-Signature: v=1; a=rsa-sha256; c=relaxed\/relaxed; d=example\.com;/m,
    );
  });
});

describe('A stream that is being read into memory', () => {
  it.each<[string, () => Readable, (source: Readable) => unknown]>([
    ['a function', endless, (source) => () => source],
    ['a stream', endless, (source) => source],
  ])(
    'is closed when the time limit passes (%s)',
    async (_, make, asContent) => {
      const { mail } = await start();
      const source = make();
      const content = asContent(source) as Readable;

      const error = await failureOf(
        mail.send(
          { ...MESSAGE, attachments: [{ filename: 'a', content }] },
          { timeoutMs: 50 },
        ),
      );

      expect(error.code).toBe('TIMED_OUT');
      await vi.waitFor(() => expect(source.destroyed).toBe(true));
      expect(mail.stats().totals).toMatchObject({ notSent: 1, pending: 0 });
    },
  );
});

/** Never gives a byte. */
function endless(): Readable {
  return new Readable({ read: () => undefined });
}

describe('Send options that are null', () => {
  it('count as none', async () => {
    const { mail, captured } = await start();
    // Untyped callers may pass it.
    await mail.send(MESSAGE, null as unknown as SendOptions);

    expect(captured.sent()).toHaveLength(1);
  });
});
