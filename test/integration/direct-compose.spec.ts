import { generateKeyPairSync } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import Mailer from 'nodemailer/lib/mailer';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  isMailError,
  MailService,
  SendGridSmtpModule,
  type MailMessage,
  type SendGridSmtpModuleOptions,
} from 'nestjs-sendgrid-smtp';
import { capturedMail, type CapturedMail } from 'nestjs-sendgrid-smtp/testing';
import { CAPTURE, MESSAGE } from './support/options.js';
import { recordLogs } from './support/recording-logger.js';

const logger = recordLogs();
const apps: INestApplicationContext[] = [];

const FIXED = {
  ...MESSAGE,
  messageId: '<1@example.com>',
  baseBoundary: 'boundary',
  date: new Date(0),
};

/** Without ids that are random, so that two sends can be compared. */
const REPEATABLE = { ...CAPTURE, correlation: false };

/** A plugin, even one that does nothing, may only see a message with its tree. */
const OVER_THE_TREE: SendGridSmtpModuleOptions = {
  ...REPEATABLE,
  plugins: [{ step: 'stream', plugin: (_mail, done) => done() }],
};

async function start(
  options: SendGridSmtpModuleOptions,
): Promise<{ mail: MailService; sent: () => readonly CapturedMail[] }> {
  const module = SendGridSmtpModule.forRoot(options);
  const app = await NestFactory.createApplicationContext(module, { logger });
  apps.push(app);
  return { mail: app.get(MailService), sent: () => capturedMail(app).sent() };
}

async function captured(
  options: SendGridSmtpModuleOptions,
  message: MailMessage,
): Promise<CapturedMail | undefined> {
  const { mail, sent } = await start(options);
  await mail.send(message);
  return sent()[0];
}

async function refusal(
  options: SendGridSmtpModuleOptions,
  message: MailMessage,
): Promise<unknown> {
  const { mail } = await start(options);
  const error: unknown = await mail.send(message).catch((e: unknown) => e);
  if (!isMailError(error)) throw new Error('was not refused');
  const { code, deliveryState } = error;
  return {
    code,
    deliveryState,
    message: error.message,
    totals: mail.stats().totals,
  };
}

afterEach(() => Promise.all(apps.splice(0).map((app) => app.close())));

describe('MailService without plugins', () => {
  it.each<[string, MailMessage]>([
    ['text', {}],
    ['text and html', { html: '<b>Hi Ada</b>' }],
    ['no content', { text: null }],
    ['further recipients', { cc: ['A <a@x.example>'], bcc: 'b@x.example' }],
    ['headers', { headers: { 'X-Campaign': 'Größe' }, priority: 'high' }],
    ['an attachment', { attachments: [{ content: 'data', filename: 'a' }] }],
    ['a group', { to: { name: 'Team', group: ['a@x.example'] } }],
  ])('sends what nodemailer would compose: %s', async (_label, fields) => {
    const message = { ...FIXED, ...fields };

    const direct = await captured(REPEATABLE, message);

    expect(direct).toBeDefined();
    expect(direct).toEqual(await captured(OVER_THE_TREE, message));
  });

  it.each<[string, MailMessage]>([
    ['header injection', { to: 'ada@example.net\r\nBcc: evil@x.example' }],
    ['X-SMTPAPI', { headers: { 'X-SmtpApi': '{}' } }],
    ['no recipient', { to: [] }],
    ['no address', { to: 'Ada' }],
    ['an address the relay cannot take', { to: 'jürgen@x.example' }],
    ['no From', { from: null }],
    ['a wrong kind of content', { text: 7 as never }],
    ['a header that is too long', { subject: 'x'.repeat(1000) }],
  ])('refuses what it refuses otherwise: %s', async (_label, fields) => {
    const message = { ...FIXED, ...fields };

    const direct = await refusal(CAPTURE, message);

    expect(direct).toMatchObject({
      code: 'INVALID_MESSAGE',
      totals: { notSent: 1, pending: 0 },
    });
    expect(direct).toEqual(await refusal(OVER_THE_TREE, message));
  });

  it('refuses a message over the limit with the same words', async () => {
    const limit = { maxMessageBytes: 1024 };
    const message = { ...FIXED, text: 'word '.repeat(300) };

    const direct = await refusal({ ...CAPTURE, ...limit }, message);

    expect(direct).toMatchObject({
      message: expect.stringContaining('`maxMessageBytes` (1024 bytes)'),
    });
    expect(direct).toEqual(
      await refusal({ ...OVER_THE_TREE, ...limit }, message),
    );
  });

  it('composes common messages itself, and leaves others to nodemailer', async () => {
    const sendMail = vi.spyOn(Mailer.prototype, 'sendMail');
    const { mail } = await start(CAPTURE);

    await mail.send({ ...MESSAGE, html: '<b>Hi</b>' });
    expect(sendMail).not.toHaveBeenCalled();

    await mail.send({ ...MESSAGE, attachments: [{ content: 'data' }] });
    expect(sendMail).toHaveBeenCalledTimes(1);
  });

  it('tells by enqueue the Message-ID that it composes with', async () => {
    const { mail, sent } = await start(CAPTURE);

    const { messageId } = mail.enqueue(MESSAGE);

    await vi.waitFor(() => expect(sent()).toHaveLength(1));
    expect(sent()[0]?.messageId).toBe(messageId);
    expect(sent()[0]?.raw.toString()).toContain(`Message-ID: ${messageId}`);
  });

  it('sends nothing when it is aborted before', async () => {
    const { mail, sent } = await start(CAPTURE);

    const aborted = mail.send(MESSAGE, { signal: AbortSignal.abort() });

    await expect(aborted).rejects.toMatchObject({ code: 'ABORTED' });
    expect(sent()).toEqual([]);
  });
});

describe('MailService with DKIM', () => {
  it('leaves every message to nodemailer, which signs it', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' });
    const dkim = {
      domainName: 'example.com',
      keySelector: 'one',
      privateKey: key.toString(),
    };

    const mail = await captured({ ...REPEATABLE, dkim }, FIXED);

    expect(mail?.raw.toString()).toMatch(/^DKIM-Signature: /);
  });
});
