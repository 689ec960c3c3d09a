import { createTransport, type SentMessageInfo } from 'nodemailer';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  InvalidOptionsError,
  isMailError,
  SendGridTransport,
} from 'nestjs-sendgrid-smtp';
import { FakeSendGrid } from 'nestjs-sendgrid-smtp/testing';
import packageJson from '../../../package.json' with { type: 'json' };

const MESSAGE = { to: 'ada@example.net', subject: 'Hello', text: 'Hi' };
const DEFAULTS = { from: 'Shop <shop@example.com>' };

describe('SendGridTransport in nodemailer', () => {
  let relay: FakeSendGrid;
  let transport: SendGridTransport;

  beforeEach(async () => {
    relay = await FakeSendGrid.start();
    transport = new SendGridTransport(relay.options);
  });

  afterEach(async () => {
    await transport.close();
    await relay.stop();
  });

  it('sends with the transporter’s defaults', async () => {
    const mailer = createTransport(transport, DEFAULTS);

    const info: SentMessageInfo = await mailer.sendMail(MESSAGE);

    const [message] = await relay.waitFor(1);
    expect(message).toMatchObject({
      subject: 'Hello',
      envelope: { from: 'shop@example.com', to: ['ada@example.net'] },
    });
    expect(info).toMatchObject({
      accepted: ['ada@example.net'],
      sendGridId: message?.id,
    });
    expect(info.messageId).toMatch(/^<[\w-]+@example\.com>$/);
  });

  it('calls back, once', async () => {
    const mailer = createTransport(transport, DEFAULTS);
    const callback = vi.fn<(error: unknown, info: unknown) => void>();

    mailer.sendMail(MESSAGE, callback);

    await vi.waitFor(() => expect(callback).toHaveBeenCalled());
    await transport.close();
    expect(callback.mock.calls).toEqual([
      [null, expect.objectContaining({ rejected: [] })],
    ]);
  });

  it('verifies by promise and by callback', async () => {
    const mailer = createTransport(transport);
    const callback = vi.fn<(error: unknown, success: unknown) => void>();

    await expect(mailer.verify()).resolves.toBe(true);
    mailer.verify(callback);

    await vi.waitFor(() => expect(callback).toHaveBeenCalledWith(null, true));
  });

  it('reports a refused key by verify', async () => {
    relay.fail('auth', '535 Authentication failed: Bad key', { times: 9 });
    const mailer = createTransport(transport);
    const callback = vi.fn<(error: unknown) => void>();

    await expect(mailer.verify()).rejects.toMatchObject({ code: 'ACCOUNT' });
    mailer.verify(callback);

    await vi.waitFor(() =>
      expect(callback).toHaveBeenCalledWith(
        expect.objectContaining({ code: 'ACCOUNT' }),
      ),
    );
  });

  it('refuses sends once closed', async () => {
    const mailer = createTransport(transport, DEFAULTS);
    await mailer.sendMail(MESSAGE);

    await transport.close();

    await expect(mailer.sendMail(MESSAGE)).rejects.toMatchObject({
      code: 'SHUT_DOWN',
    });
    expect(relay.counters).toMatchObject({ open: 0, closedWithoutQuit: 0 });
  });
});

describe('SendGridTransport', () => {
  const capture = (): SendGridTransport =>
    new SendGridTransport({ mode: 'capture', queue: { maxMessages: 1 } });

  it('refuses invalid options', () => {
    expect(() => new SendGridTransport({ port: 0 })).toThrow(
      InvalidOptionsError,
    );
  });

  it('carries the package’s version', () => {
    expect(capture().version).toBe(packageJson.version);
  });

  it('switches file and URL access off, which message data cannot undo', async () => {
    const mailer = createTransport(capture(), DEFAULTS);
    const message = {
      ...MESSAGE,
      disableFileAccess: false,
      attachments: [{ path: '/etc/hostname' }],
    };

    const sent = mailer.sendMail(message);

    await expect(sent).rejects.toThrow(/attachments\.allowFiles/);
    await expect(sent).rejects.toSatisfy(isMailError);
    expect(mailer.options).toMatchObject({
      disableFileAccess: true,
      disableUrlAccess: true,
    });
  });

  it('rejects what admission refuses', async () => {
    const mailer = createTransport(capture(), DEFAULTS);

    const sent = mailer.sendMail({ ...MESSAGE, to: 'a@b.c\r\nBcc: d@e.f' });

    await expect(sent).rejects.toMatchObject({ code: 'INVALID_MESSAGE' });
  });

  it('leaves an error that a plugin throws to nodemailer', () => {
    const mailer = createTransport(capture(), DEFAULTS);
    mailer.use('compile', () => {
      throw new Error('no');
    });

    expect(() => mailer.sendMail(MESSAGE)).toThrow('no');
  });

  it('gives a signal up while a stream is read', async () => {
    const { Readable } = await import('node:stream');
    const transport = capture();
    const mailer = createTransport(transport, DEFAULTS);
    const controller = new AbortController();
    const text = new Readable({ read: () => undefined });

    const sent = mailer.sendMail({
      ...MESSAGE,
      text,
      signal: controller.signal,
    });
    expect(transport.isIdle()).toBe(false);
    controller.abort();

    await expect(sent).rejects.toMatchObject({ code: 'ABORTED' });
    expect(transport.isIdle()).toBe(true);
    expect(text.destroyed).toBe(true);
  });

  it('rejects when the queue is full', async () => {
    const { Readable } = await import('node:stream');
    const mailer = createTransport(capture(), DEFAULTS);
    const text = new Readable({ read: () => undefined });
    const first = mailer.sendMail({ ...MESSAGE, text });

    await expect(mailer.sendMail(MESSAGE)).rejects.toMatchObject({
      code: 'QUEUE_FULL',
    });

    text.push(null);
    await expect(first).resolves.toMatchObject({ attempts: 1 });
  });

  it('hands the report of the drain to shutdown.onReport', async () => {
    const onReport = vi.fn<(report: unknown) => void>();
    const transport = new SendGridTransport({
      mode: 'discard',
      shutdown: { onReport },
    });

    await transport.close();

    expect(onReport).toHaveBeenCalledExactlyOnceWith({
      accepted: 0,
      rejected: 0,
      unknown: 0,
      notSent: 0,
      abandoned: [],
    });
  });
});

describe('Options that only the module knows', () => {
  it.each(['defaults', 'plugins', 'dkim', 'verifyOnStart'])(
    'are refused, since they would do nothing: %s',
    (name) => {
      // Untyped callers may give them.
      const options = { mode: 'capture', [name]: {} } as object;

      expect(() => new SendGridTransport(options)).toThrow(
        expect.objectContaining({
          code: 'INVALID_OPTIONS',
          message: expect.stringMatching(`\`${name}\`.*does nothing here`),
        }),
      );
    },
  );
});
