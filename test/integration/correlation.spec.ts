import { generateKeyPairSync } from 'node:crypto';
import { Readable } from 'node:stream';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { createTransport } from 'nodemailer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  isMailError,
  MailService,
  SendGridSmtpModule,
  SendGridTransport,
  type MailError,
  type MailMessage,
  type SendGridSmtpModuleOptions,
} from 'nestjs-sendgrid-smtp';
import {
  FakeSendGrid,
  type ReceivedMessage,
} from 'nestjs-sendgrid-smtp/testing';
import { MESSAGE } from './support/options.js';
import { recordLogs } from './support/recording-logger.js';

const logger = recordLogs();
const DEFAULTS = { from: 'Shop <shop@example.com>' };
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

let relay: FakeSendGrid;
let app: INestApplicationContext | undefined;

beforeEach(async () => {
  relay = await FakeSendGrid.start();
});

afterEach(async () => {
  await app?.close();
  app = undefined;
  await relay.stop();
});

async function start(
  options: SendGridSmtpModuleOptions = {},
): Promise<MailService> {
  const module = SendGridSmtpModule.forRoot({
    ...relay.options,
    defaults: DEFAULTS,
    ...options,
  });
  app = await NestFactory.createApplicationContext(module, { logger });
  return app.get(MailService);
}

function smtpApiHeaders({ raw }: ReceivedMessage): string[] {
  return raw.toString().match(/^x-smtpapi/gim) ?? [];
}

async function failureOf(sent: Promise<unknown>): Promise<MailError> {
  const error: unknown = await sent.catch((thrown: unknown) => thrown);
  if (isMailError(error)) return error;
  throw new Error('No MailError', { cause: error });
}

const dkim = {
  domainName: 'example.com',
  keySelector: 'one',
  privateKey: generateKeyPairSync('rsa', {
    modulusLength: 1024,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey,
};

describe('A message', () => {
  const file = 'A line of the file\r\n'.repeat(1000);
  const small = { queue: { maxStreamBytes: 100 } };
  const plugin: SendGridSmtpModuleOptions = {
    plugins: [{ step: 'compile', plugin: (_mail, done) => done() }],
  };

  it.each<[string, SendGridSmtpModuleOptions, MailMessage]>([
    ['text', {}, {}],
    ['text and html', {}, { html: '<b>Hi</b>' }],
    ['with headers', {}, { headers: { 'X-Campaign': 'Größe' } }],
    ['with an attachment', {}, { attachments: [{ content: 'data' }] }],
    ['with a stream', {}, { text: Readable.from(['Hi']) }],
    ['with a long stream', small, { text: Readable.from([file]) }],
    ['with a function', small, { text: () => Readable.from([file]) }],
    ['signed with DKIM', { dkim }, {}],
    ['signed, longer than is kept', { dkim, ...small }, { text: file }],
    ['that plugins see', plugin, {}],
  ])('carries the receipt’s mailId once: %s', async (_l, options, fields) => {
    const mail = await start(options);

    const { mailId } = await mail.send({ ...MESSAGE, ...fields });

    const [received] = await relay.waitFor(1);
    expect(mailId).toMatch(UUID);
    expect(received).toMatchObject({
      subject: 'Hello',
      smtpApi: { unique_args: { mail_id: mailId } },
    });
    expect(received && smtpApiHeaders(received)).toHaveLength(1);
  });

  it('has a mailId of its own', async () => {
    const mail = await start();

    const receipts = await Promise.all([
      mail.send(MESSAGE),
      mail.send(MESSAGE),
    ]);

    const ids = new Set(receipts.map(({ mailId }) => mailId));
    const carried = (await relay.waitFor(2)).map(({ smtpApi }) => smtpApi);
    expect(ids.size).toBe(2);
    expect(carried).toEqual(
      expect.arrayContaining(
        [...ids].map((mailId) => ({ unique_args: { mail_id: mailId } })),
      ),
    );
  });

  it.each<[string, MailMessage]>([
    ['in memory', {}],
    ['opened anew', { text: () => Readable.from([file]) }],
  ])('keeps its mailId over attempts: %s', async (_label, fields) => {
    const mail = await start(small);
    relay.fail('data', 'drop');

    const receipt = await mail.send({ ...MESSAGE, ...fields });

    const [received] = await relay.waitFor(1);
    expect(relay.counters.connections).toBe(2);
    expect(received?.smtpApi).toEqual({
      unique_args: { mail_id: receipt.mailId },
    });
  });

  it.each<[string, MailMessage]>([
    ['text', {}],
    ['with an attachment', { attachments: [{ content: 'data' }] }],
  ])('carries none when correlation is off: %s', async (_label, fields) => {
    const mail = await start({ correlation: false });

    const receipt = await mail.send({ ...MESSAGE, ...fields });

    const [received] = await relay.waitFor(1);
    expect(receipt).not.toHaveProperty('mailId');
    expect(received && smtpApiHeaders(received)).toEqual([]);
    expect(received?.smtpApi).toBeUndefined();
  });

  it.each<[string, (raw: string) => MailMessage['raw']]>([
    ['text', (raw) => raw],
    ['a stream', (raw) => Readable.from([raw])],
  ])('leaves as it is when it is raw: %s', async (_label, rawOf) => {
    const mail = await start();
    const raw = 'From: shop@example.com\r\nSubject: Raw\r\n\r\nHi\r\n';

    const receipt = await mail.send({ to: MESSAGE.to, raw: rawOf(raw) });

    const [received] = await relay.waitFor(1);
    expect(received?.raw.toString()).toBe(raw);
    expect(receipt).not.toHaveProperty('mailId');
  });

  it('that was refused says its mailId', async () => {
    const mail = await start();
    relay.fail('message', '550 Refused');

    const error = await failureOf(mail.send(MESSAGE));

    expect(error).toMatchObject({ code: 'REJECTED' });
    expect(error.mailId).toMatch(UUID);
  });

  it('of unknown outcome can be found by its mailId', async () => {
    const mail = await start();
    relay.fail('message', 'accept-and-drop');

    const error = await failureOf(mail.send(MESSAGE));

    const [received] = await relay.waitFor(1);
    expect(error.code).toBe('OUTCOME_UNKNOWN');
    expect(received?.smtpApi).toEqual({
      unique_args: { mail_id: error.mailId },
    });
  });
});

describe('A message of an instance that is held to addresses', () => {
  const redirect = { to: 'qa@staging.example' };
  const allowedFrom = ['shop@example.com'];
  const originals = /^x-original-to: ada@example\.net\r$/gim;
  const long = 'A line of the text\r\n'.repeat(1000);
  const small = { queue: { maxStreamBytes: 100 } };

  const instances: [string, SendGridSmtpModuleOptions][] = [
    ['redirect', { redirect }],
    ['allowedFrom', { allowedFrom }],
    ['both', { redirect, allowedFrom }],
    ['both, with DKIM', { redirect, allowedFrom, dkim }],
  ];
  const contents: [string, MailMessage][] = [
    ['text', {}],
    ['an attachment', { attachments: [{ content: 'data' }] }],
    ['a long stream', { text: () => Readable.from([long]) }],
  ];

  it.each(
    instances.flatMap(([held, options]) =>
      contents.map(([content, fields]) => ({ held, options, content, fields })),
    ),
  )(
    'carries its mailId once, and whom it was for: $held, $content',
    async ({ options, fields }) => {
      const mail = await start({ ...small, ...options });

      const { mailId } = await mail.send({ ...MESSAGE, ...fields });

      const [received] = await relay.waitFor(1);
      const isRedirected = options.redirect !== undefined;
      expect(received && smtpApiHeaders(received)).toHaveLength(1);
      expect(received?.smtpApi).toEqual({ unique_args: { mail_id: mailId } });
      expect(received?.envelope.to).toEqual([
        isRedirected ? redirect.to : MESSAGE.to,
      ]);
      expect(received?.raw.toString().match(originals) ?? []).toHaveLength(
        isRedirected ? 1 : 0,
      );
    },
  );

  it('carries only whom it was for when it is raw', async () => {
    const mail = await start({ redirect, allowedFrom });
    const raw = 'From: shop@example.com\r\nSubject: Raw\r\n\r\nHi\r\n';

    const receipt = await mail.send({ to: MESSAGE.to, raw });

    const [received] = await relay.waitFor(1);
    expect(receipt).not.toHaveProperty('mailId');
    expect(received?.raw.toString()).toBe(
      `X-Original-To: ada@example.net\r\n${raw}`,
    );
  });

  it.each(contents)(
    'is refused for its From behind the header: %s',
    async (_label, fields) => {
      const mail = await start({ ...small, allowedFrom });
      const envelope = { from: 'shop@example.com', to: MESSAGE.to };

      const error = await failureOf(
        mail.send({
          ...MESSAGE,
          from: 'eve@evil.example',
          envelope,
          ...fields,
        }),
      );

      expect(error.code).toBe('SENDER');
      expect(relay.messages).toEqual([]);
    },
  );
});

describe('SendGridTransport', () => {
  it.each([true, false])('correlates: %s', async (correlation) => {
    const transport = new SendGridTransport({ ...relay.options, correlation });
    const mailer = createTransport(transport, DEFAULTS);

    const { mailId } = await mailer.sendMail(MESSAGE);

    const [received] = await relay.waitFor(1);
    expect(mailId !== undefined).toBe(correlation);
    expect(received?.smtpApi).toEqual(
      correlation ? { unique_args: { mail_id: mailId } } : undefined,
    );
    await transport.close();
  });
});
