import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  MailService,
  SendGridSmtpModule,
  type MailMessage,
  type SendGridSmtpOptions,
} from 'nestjs-sendgrid-smtp';
import { capturedMail, type MailCapture } from 'nestjs-sendgrid-smtp/testing';
import { API_KEY, CAPTURE, LEAK, MESSAGE } from './support/options.js';
import { recordLogs } from './support/recording-logger.js';

const logger = recordLogs();
let app: INestApplicationContext;

async function start(
  options: SendGridSmtpOptions = {},
): Promise<{ mail: MailService; captured: MailCapture }> {
  const module = SendGridSmtpModule.forRoot({ ...CAPTURE, ...options });
  app = await NestFactory.createApplicationContext(module, { logger });
  return { mail: app.get(MailService), captured: capturedMail(app) };
}

afterEach(() => app.close());

function errors(): string[] {
  return logger.ours.filter((line) => line.startsWith('error'));
}

describe('MailService.enqueue', () => {
  it.each<[string, Partial<MailMessage>]>([
    ['one of its own', {}],
    ['the message’s', { messageId: '<order-1@example.com>' }],
    [
      'the message’s, put in angle brackets',
      { messageId: 'order-1@example.com' },
    ],
    [
      'the one in the headers',
      { headers: { 'message-id': '<h@example.com>' } },
    ],
  ])('returns the Message-ID that is sent: %s', async (_, fields) => {
    const { mail, captured } = await start();

    const { messageId } = mail.enqueue({ ...MESSAGE, ...fields });
    await mail.drain();

    const [sent] = captured.sent();
    expect(messageId).toMatch(/^<[^<>]+@example\.com>$/);
    expect(sent?.messageId).toBe(messageId);
    expect(sent?.raw.toString().split('\r\n')).toContain(
      `Message-ID: ${messageId}`,
    );
    expect(errors()).toEqual([]);
  });

  it('logs one line for a refusal, with the domain of the recipient only', async () => {
    const { mail, captured } = await start();
    captured.failNext('550 5.1.1 <ada@example.net> does not exist');

    const { messageId } = mail.enqueue({ ...MESSAGE, text: 'a secret body' });
    await mail.drain();

    await vi.waitFor(() => expect(errors()).toHaveLength(1));
    expect(errors()[0]).toContain(messageId);
    expect(errors()[0]).toContain('REJECTED');
    expect(errors()[0]).toContain('***@example.net');
    expect(errors()[0]).not.toContain('ada@');
    expect(errors()[0]).not.toContain('secret body');
  });

  it('logs one line for a message that cannot be composed', async () => {
    const { mail } = await start({
      plugins: [
        {
          step: 'compile',
          plugin: (_, callback) => callback(new Error(`No ${API_KEY} for Ada`)),
        },
      ],
    });

    mail.enqueue(MESSAGE);
    await mail.drain();

    await vi.waitFor(() => expect(errors()).toHaveLength(1));
    expect(errors()[0]).toMatch(/INVALID_MESSAGE.*\(No \[redacted\]/);
    expect(logger.text).not.toMatch(LEAK);
  });

  it('neither throws nor rejects for a full queue', async () => {
    const { mail } = await start({
      queue: { maxMessages: 1 },
      plugins: [{ step: 'compile', plugin: () => undefined }],
      shutdown: { timeoutMs: 1 },
    });

    mail.enqueue(MESSAGE);
    const { messageId } = mail.enqueue(MESSAGE);
    await mail.drain();

    await vi.waitFor(() => expect(errors()).toHaveLength(2));
    expect(errors()[0]).toContain(`${messageId}: QUEUE_FULL`);
    expect(errors()[1]).toContain('SHUT_DOWN');
  });

  it.each([undefined, null, 'mail', { headers: 7 }, { to: 7 }])(
    'neither throws nor rejects for %j',
    async (bad) => {
      const { mail } = await start();

      const { messageId } = mail.enqueue(bad as unknown as MailMessage);
      await mail.drain();

      expect(messageId).toMatch(/^<[^<>]+@[^<>]+>$/);
      await vi.waitFor(() => expect(errors()).toHaveLength(1));
    },
  );
});
