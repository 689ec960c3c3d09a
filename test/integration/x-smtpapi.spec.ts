import { generateKeyPairSync } from 'node:crypto';
import { Readable } from 'node:stream';
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

describe('A message to each of `to`', () => {
  const all = ['ada@example.net', 'bob@example.net', 'ada@example.net'];

  it('tells of each of them when it is refused', async () => {
    const mail = await site.start({});
    site.relay.fail('message', '550 Refused');

    const error = await failureOf(mail.send(EACH));

    expect(error.code).toBe('REJECTED');
    expect(error.recipients).toEqual(
      all.map((address) => ({
        address,
        state: 'rejected',
        reply: { code: 550, text: 'Refused' },
        attempts: 1,
      })),
    );
  });

  it('is one message to queue, totals and the relay', async () => {
    const mail = await site.start({});
    site.relay.fail('message', '451 Later');

    const receipt = await mail.send(EACH);

    expect(receipt.attempts).toBe(2);
    expect(receipt.rejected).toEqual([]);
    expect(receipt.recipients).toHaveLength(3);
    expect(site.relay.messages).toHaveLength(1);
    expect(mail.stats().totals).toMatchObject({ submitted: 1, accepted: 1 });
  });

  it('tells listeners for whom it is, masked', async () => {
    const mail = await site.start({});
    const seen: unknown[] = [];
    mail.events$.subscribe((event) => {
      if (event.type === 'queued' || event.type === 'sent') seen.push(event);
    });

    await mail.send(EACH);

    const recipients = all.map(() => '***@example.net');
    expect(seen).toMatchObject([
      { type: 'queued', recipients },
      { type: 'sent', recipients, accepted: 3, rejected: 0 },
    ]);
  });

  it('counts for each of them with the guards', async () => {
    const mail = await site.start({
      guards: {
        perRecipient: { messages: 1, perMs: 60_000, onExceeded: 'reject' },
      },
    });
    await mail.send({ ...MESSAGE, to: 'bob@example.net' });

    const error = await failureOf(mail.send(EACH));

    expect(error.code).toBe('GUARD');
    expect(site.relay.messages).toHaveLength(1);
  });

  it.each(WAYS)(
    'is redirected one by one: %s',
    async (_way, options, fields) => {
      const mail = await site.start({
        ...options,
        redirect: { to: 'qa@staging.example', except: ['bob@example.net'] },
      });

      const receipt = await mail.send({ ...EACH, ...fields });

      const { envelope, smtpApi, raw, to } = await received();
      const target = 'qa@staging.example';
      expect(envelope.to).toEqual([target]);
      expect(to).toEqual([{ name: '', address: target }]);
      expect(smtpApi).toMatchObject({
        to: [target, '"Größe, Bob" <bob@example.net>', target],
        sub: { '-name-': ['Ada', 'Größe', 'Ada 2'] },
      });
      expect(receipt.accepted).toEqual([target, 'bob@example.net', target]);
      expect(raw.toString()).toMatch(/^X-Original-To: ada@example\.net\r$/im);
    },
  );

  it('carries our id beside the arguments that it has', async () => {
    const mail = await site.start({ correlation: true });

    const { mailId } = await mail.send(EACH);

    expect(await received()).toMatchObject({
      smtpApi: { unique_args: { recipient: '-name-', mail_id: mailId } },
    });
  });

  it('goes to whom a plugin names before it is compiled', async () => {
    const mail = await site.start({
      plugins: [
        {
          step: 'compile',
          plugin: (message, done) => {
            message.data.to = ['eve@example.net', 'dan@example.net'];
            Reflect.set(message.data, 'sendgrid', {
              substitutions: { '-name-': ['Eve', 'Dan'] },
            });
            done();
          },
        },
      ],
    });

    await mail.send(EACH);

    expect(await received()).toMatchObject({
      envelope: { to: ['eve@example.net'] },
      smtpApi: {
        to: ['eve@example.net', 'dan@example.net'],
        sub: { '-name-': ['Eve', 'Dan'] },
      },
    });
  });

  it.each<[string, SendGridSmtpModuleOptions, MailMessage]>([
    ['a plugin', { plugins: [addsHeader('Bcc')] }, {}],
    ['another plugin', { plugins: [addsHeader('Cc')] }, {}],
    ['headers', {}, { headers: { Cc: 'eve@evil.example' } }],
    [
      'a list of headers',
      {},
      { headers: [{ key: 'Bcc', value: 'e@e.example' }] },
    ],
    ['copies', {}, { cc: 'eve@evil.example' }],
  ])('goes to nobody whom %s names beside', async (_way, options, fields) => {
    const mail = await site.start(options);

    const error = await failureOf(mail.send({ ...EACH, ...fields }));

    expect(error.code).toBe('INVALID_MESSAGE');
    expect(error.message).toContain('name recipients in `to` only');
    expect(site.relay.messages).toEqual([]);
  });
});

describe('A message that SendGrid would drop', () => {
  it.each(WAYS)(
    'is refused before it leaves: %s',
    async (_w, options, fields) => {
      const mail = await site.start(options);
      const templateId = `d-${'a'.repeat(32)}`;

      const error = await failureOf(
        mail.send({ ...MESSAGE, ...fields, sendgrid: { templateId } }),
      );

      expect(error).toMatchObject({
        code: 'INVALID_MESSAGE',
        deliveryState: 'not-sent',
      });
      expect(error.message).toContain('names a dynamic template');
      expect(site.relay.messages).toEqual([]);
    },
  );

  it.each(WAYS)(
    'has texts without a list for two recipients: %s',
    async (_way, options, fields) => {
      const mail = await site.start(options);
      const sendgrid = { substitutions: { '-name-': 'Ada' } };
      const cc = 'bob@example.net';

      await mail.send({ ...MESSAGE, ...fields, sendgrid });
      const error = await failureOf(
        mail.send({ ...MESSAGE, ...fields, cc, sendgrid }),
      );

      expect(await received()).toMatchObject({
        smtpApi: { sub: { '-name-': ['Ada'] } },
      });
      expect(error.message).toContain('the message has 2 recipients');
    },
  );

  it('has an argument that is our id', async () => {
    const mail = await site.start({ correlation: true });

    const error = await failureOf(
      mail.send({ ...MESSAGE, sendgrid: { customArgs: { mail_id: 'mine' } } }),
    );

    expect(error.message).toContain('`correlation: false`');
  });
});

describe('A raw message', () => {
  const raw = 'From: shop@example.com\r\nSubject: Raw\r\n\r\nHi\r\n';
  const sendgrid = { categories: 'raw' };

  it.each<[string, MailMessage['raw'], SendGridSmtpModuleOptions]>([
    ['text', raw, {}],
    ['a stream', () => Readable.from([raw]), { queue: { maxStreamBytes: 1 } }],
  ])('gets the header in front: %s', async (_label, content, options) => {
    const mail = await site.start(options);

    await mail.send({ to: MESSAGE.to, raw: content, sendgrid });

    expect((await received()).raw.toString()).toBe(
      `X-SMTPAPI: {"category":"raw"}\r\n${raw}`,
    );
  });

  it('is refused with a header of its own', async () => {
    const mail = await site.start({});

    const error = await failureOf(
      mail.send({ to: MESSAGE.to, raw: `X-SMTPAPI: {}\r\n${raw}`, sendgrid }),
    );

    expect(error.message).toContain('only this package may write it');
  });

  it('is refused for each of `to`', async () => {
    const mail = await site.start({});
    const substitutions = { '-name-': ['Ada'] };

    const error = await failureOf(
      mail.send({ to: MESSAGE.to, raw, sendgrid: { substitutions } }),
    );

    expect(error.message).toContain('A raw message cannot');
  });
});

describe('`defaults.sendgrid`', () => {
  it.each(WAYS)(
    'is replaced field by field: %s',
    async (_w, options, fields) => {
      const mail = await site.start({
        ...options,
        defaults: {
          ...DEFAULTS,
          sendgrid: {
            categories: ['default', 'other'],
            customArgs: { app: 'shop' },
            asm: { groupId: 1 },
            ipPoolName: 'default',
          },
        },
      });

      await mail.send({
        ...MESSAGE,
        ...fields,
        sendgrid: {
          categories: ['own'],
          customArgs: { order: '7' },
          asm: null,
          ipPoolName: undefined,
        },
      });

      expect((await received()).smtpApi).toEqual({
        category: ['own'],
        unique_args: { order: '7' },
        ip_pool: 'default',
      });
    },
  );

  it('is removed with null', async () => {
    const sendgrid = { categories: 'default' };
    const mail = await site.start({ defaults: { ...DEFAULTS, sendgrid } });

    await mail.send({ ...MESSAGE, sendgrid: null });

    expect((await received()).smtpApi).toBeUndefined();
  });
});

describe('Mode capture', () => {
  it.each(WAYS)(
    'shows what SendGrid would read: %s',
    async (_w, options, fields) => {
      const mail = await site.start({
        ...CAPTURE,
        correlation: false,
        ...options,
      });

      const receipt = await mail.send({ ...EACH, ...fields });

      const [kept] = capturedMail(site.app).sent();
      const recipients = [
        'ada@example.net',
        'bob@example.net',
        'ada@example.net',
      ];
      expect(kept).toMatchObject({
        recipients,
        envelope: { to: ['ada@example.net'] },
        message: { sendgrid: EACH.sendgrid },
        smtpApi: {
          to: [
            'Ada <ada@example.net>',
            '"Größe, Bob" <bob@example.net>',
            'ada@example.net',
          ],
          unique_args: { recipient: '-name-' },
        },
      });
      expect(capturedMail(site.app).lastTo('BOB@example.net')).toBe(kept);
      expect(receipt.accepted).toEqual(recipients);
      expect(receipt.recipients).toHaveLength(3);
    },
  );

  it('shows an ordinary message as before', async () => {
    const mail = await site.start({ ...CAPTURE, correlation: false });

    await mail.send(MESSAGE);

    const [kept] = capturedMail(site.app).sent();
    expect(kept?.recipients).toEqual([MESSAGE.to]);
    expect(kept?.smtpApi).toBeUndefined();
  });
});

describe('SendGridTransport', () => {
  it('reads `sendgrid` of nodemailer’s messages', async () => {
    const transport = new SendGridTransport({
      ...site.relay.options,
      correlation: false,
    });
    const mailer = createTransport(transport, DEFAULTS);
    const message = {
      ...MESSAGE,
      to: ['ada@example.net', 'bob@example.net'],
      sendgrid: { substitutions: { '-name-': ['Ada', 'Bob'] } },
    };

    const receipt = await mailer.sendMail(message);

    await transport.close();
    expect(await received()).toMatchObject({
      envelope: { to: ['ada@example.net'] },
      smtpApi: {
        to: ['ada@example.net', 'bob@example.net'],
        sub: { '-name-': ['Ada', 'Bob'] },
      },
    });
    expect(receipt.accepted).toEqual(['ada@example.net', 'bob@example.net']);
  });
});

function addsHeader(
  name: string,
): NonNullable<SendGridSmtpModuleOptions['plugins']>[number] {
  return {
    step: 'stream',
    plugin: ({ message }, done) => {
      message.addHeader(name, 'eve@evil.example');
      done();
    },
  };
}
