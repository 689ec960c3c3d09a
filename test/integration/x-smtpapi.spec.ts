import { generateKeyPairSync } from 'node:crypto';
import { createTransport } from 'nodemailer';
import { describe, expect, it } from 'vitest';
import {
  isMailError,
  SendGridTransport,
  type MailError,
  type MailMessage,
  type SendGridSmtpModuleOptions,
} from 'nestjs-sendgrid-smtp';
import {
  capturedMail,
  type ReceivedMessage,
} from 'nestjs-sendgrid-smtp/testing';
import { CAPTURE, MESSAGE } from './support/options.js';
import { recordLogs } from './support/recording-logger.js';
import { RelayedApp } from './support/relayed-app.js';

const DEFAULTS = { from: 'Shop <shop@example.com>' };
const site = new RelayedApp(recordLogs(), {
  defaults: DEFAULTS,
  correlation: false,
});

async function received(): Promise<ReceivedMessage> {
  const [message] = await site.relay.waitFor(1);
  if (message === undefined) throw new Error('nothing was received');
  return message;
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

const plugins: SendGridSmtpModuleOptions['plugins'] = [
  { step: 'compile', plugin: (_mail, done) => done() },
];

/** Every way that a message takes from `send` to the relay. */
const WAYS: [string, SendGridSmtpModuleOptions, MailMessage][] = [
  ['at once', {}, {}],
  ['with an attachment', {}, { attachments: [{ content: 'data' }] }],
  ['past a plugin', { plugins }, {}],
  ['signed', { dkim }, {}],
];

const EACH: MailMessage = {
  ...MESSAGE,
  to: [
    'Ada <ada@example.net>',
    { name: 'Größe, Bob', email: 'bob@example.net' },
    'ada@example.net',
  ],
  sendgrid: {
    substitutions: { '-name-': ['Ada', 'Größe', 'Ada 2'], '-shop-': 'Shop' },
    customArgs: { recipient: '-name-' },
  },
};

describe('A message with `sendgrid`', () => {
  it.each(WAYS)('says so in one header: %s', async (_way, options, fields) => {
    const mail = await site.start(options);

    await mail.send({
      ...MESSAGE,
      ...fields,
      sendgrid: { categories: ['receipts'], customArgs: { order: 7 } },
    });

    expect(await received()).toMatchObject({
      subject: 'Hello',
      envelope: { to: [MESSAGE.to] },
      smtpApi: { category: ['receipts'], unique_args: { order: '7' } },
    });
  });

  it.each(WAYS)(
    'goes to each of `to` by itself: %s',
    async (_way, options, fields) => {
      const mail = await site.start(options);

      const receipt = await mail.send({ ...EACH, ...fields });

      const message = await received();
      expect(message.envelope.to).toEqual(['ada@example.net']);
      expect(message.to).toEqual([{ name: 'Ada', address: 'ada@example.net' }]);
      expect(message.raw.toString()).not.toMatch(/^To: .*bob/im);
      expect(message.smtpApi).toEqual({
        to: [
          'Ada <ada@example.net>',
          '"Größe, Bob" <bob@example.net>',
          'ada@example.net',
        ],
        sub: {
          '-name-': ['Ada', 'Größe', 'Ada 2'],
          '-shop-': ['Shop', 'Shop', 'Shop'],
        },
        unique_args: { recipient: '-name-' },
      });
      const all = ['ada@example.net', 'bob@example.net', 'ada@example.net'];
      expect(receipt.accepted).toEqual(all);
      expect(receipt.recipients.map(({ address }) => address)).toEqual(all);
      expect(receipt.envelope.to).toEqual(['ada@example.net']);
    },
  );
});
