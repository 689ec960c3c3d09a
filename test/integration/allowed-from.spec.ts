import { Readable, Transform } from 'node:stream';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { describe, expect, it } from 'vitest';
import {
  SendGridTransport,
  type MailMessage,
  type SendGridSmtpModuleOptions,
} from 'nestjs-sendgrid-smtp';
import { recordLogs } from './support/recording-logger.js';
import { RelayedApp } from './support/relayed-app.js';

type Plugins = NonNullable<SendGridSmtpModuleOptions['plugins']>;

interface Way {
  readonly way: string;
  readonly message: MailMessage;
  readonly plugins?: Plugins;
}

const logger = recordLogs();
const ALLOWED = ['shop.example', 'news@other.example', 'jõgeva.example'];
const OK = 'hello@shop.example';
const EVE = 'eve@evil.example';
const MESSAGE = { from: OK, to: 'ada@example.net', subject: 'Hi', text: 'Hi' };
const RAW = `From: ${EVE}\r\nTo: ada@example.net\r\n\r\nHi\r\n`;
const ENVELOPE = { from: OK, to: 'ada@example.net' };
const LONG = 'A line of the body\r\n'.repeat(1000);

const ATTACHED = { attachments: [{ content: 'data' }] };

const replaceEve = (): Transform =>
  new Transform({
    transform(chunk: Buffer, _encoding, done) {
      done(null, chunk.toString().replaceAll(OK, EVE));
    },
  });

function plugin(
  step: 'compile' | 'stream',
  act: (mail: Parameters<Plugins[0]['plugin']>[0]) => void,
): Plugins {
  return [
    {
      step,
      plugin: (mail, done) => {
        act(mail);
        done();
      },
    },
  ];
}

/** Every way in which a message can have a sender that is not allowed. */
const WAYS: readonly Way[] = [
  { way: 'from, directly composed', message: { from: EVE } },
  { way: 'from, over the tree', message: { from: EVE, ...ATTACHED } },
  { way: 'one of several in from', message: { from: [OK, EVE] } },
  { way: 'one in a group', message: { from: `Team: ${OK}, ${EVE};` } },
  { way: '{ email }', message: { from: { name: 'Shop', email: EVE } } },
  { way: 'sender, directly composed', message: { sender: EVE } },
  { way: 'sender, over the tree', message: { sender: EVE, ...ATTACHED } },
  {
    way: 'the envelope',
    message: { envelope: { ...ENVELOPE, from: EVE } },
  },
  { way: 'a From header', message: { from: null, headers: { From: EVE } } },
  { way: 'a Sender header', message: { headers: { sEnder: EVE } } },
  { way: 'raw as a string', message: { raw: RAW, envelope: ENVELOPE } },
  {
    way: 'raw as a Buffer',
    message: { raw: Buffer.from(RAW), envelope: ENVELOPE },
  },
  {
    way: 'raw as a long stream',
    message: { raw: Readable.from([RAW, LONG]), envelope: ENVELOPE },
  },
  {
    way: 'raw as a function that opens a long stream',
    message: { raw: () => Readable.from([RAW, LONG]), envelope: ENVELOPE },
  },
  {
    way: 'a plugin that changes the fields',
    message: {},
    plugins: plugin('compile', ({ data }) => {
      data.from = EVE;
    }),
  },
  {
    way: 'a plugin that adds a second From to the tree',
    message: {},
    plugins: plugin('stream', ({ message }) => {
      message.addHeader('From', EVE);
    }),
  },
  {
    way: 'a plugin that changes the bytes',
    message: {},
    plugins: plugin('stream', ({ message }) => message.transform(replaceEve)),
  },
];

const site = new RelayedApp(logger, {
  allowedFrom: ALLOWED,
  queue: { maxStreamBytes: 100 },
});

const REFUSAL = {
  code: 'SENDER',
  scope: 'sender',
  retryable: false,
  deliveryState: 'not-sent',
  message: expect.stringMatching(/evil\.example.*`allowedFrom`/),
};

/** Streams are for one use. */
function fresh(message: MailMessage): MailMessage {
  return message.raw instanceof Readable
    ? { ...message, raw: Readable.from([RAW, LONG]) }
    : message;
}

describe('allowedFrom', () => {
  it.each(WAYS)('refuses another sender: $way', async (one) => {
    const { connections } = site.relay.counters;
    const mail = await site.start({ plugins: one.plugins });

    const sent = mail.send({ ...MESSAGE, ...fresh(one.message) });

    await expect(sent).rejects.toMatchObject(REFUSAL);
    expect(mail.stats().totals).toMatchObject({ notSent: 1, pending: 0 });
    expect(site.relay.counters.connections).toBe(connections);
  });

  it.each(
    WAYS.flatMap((one) => [
      { mode: 'capture' as const, ...one },
      { mode: 'discard' as const, ...one },
    ]),
  )('holds in mode $mode: $way', async ({ mode, message, plugins }) => {
    const mail = await site.start({ mode, plugins });

    const sent = mail.send({ ...MESSAGE, ...fresh(message) });

    await expect(sent).rejects.toMatchObject(REFUSAL);
  });

  it.each(WAYS)('holds in a transport without Nest: $way', async (one) => {
    const transport = new SendGridTransport({
      ...site.relay.options,
      allowedFrom: ALLOWED,
      queue: { maxStreamBytes: 100 },
    });
    const mailer = createTransport(transport);
    for (const entry of one.plugins ?? []) mailer.use(entry.step, entry.plugin);
    const { from = OK, ...fields } = fresh(one.message);

    // Admission takes more forms than nodemailer's types know.
    const message = { ...MESSAGE, from, ...fields } as SendMailOptions;
    const sent = mailer.sendMail(message);

    await expect(sent).rejects.toMatchObject(REFUSAL);
    await transport.close();
    expect(site.relay.messages).toEqual([]);
  });

  it('tells by one log line when the mail was enqueued', async () => {
    const mail = await site.start({ mode: 'discard' });

    mail.enqueue({ ...MESSAGE, from: EVE });
    await mail.drain();

    const errors = logger.ours.filter((line) => line.startsWith('error'));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(/SENDER: An address at evil\.example/);
  });

  it.each<[string, MailMessage]>([
    ['an allowed domain', {}],
    ['over the tree', ATTACHED],
    ['another case', { from: 'Shop <HELLO@Shop.Example>' }],
    ['an allowed address', { from: 'news@other.example' }],
    ['an international domain', { from: 'a@jõgeva.example' }],
    ['several', { from: [OK, 'news@other.example'], sender: OK }],
    ['raw', { raw: RAW.replace(EVE, OK), envelope: ENVELOPE }],
  ])('lets pass: %s', async (_way, fields) => {
    const mail = await site.start({});

    await expect(mail.send({ ...MESSAGE, ...fields })).resolves.toMatchObject({
      rejected: [],
    });
  });

  it('looks at a stream each time it is opened', async () => {
    const heads = [RAW.replace(EVE, OK), RAW];
    const mail = await site.start({});

    const sent = mail.send({
      raw: () => Readable.from([heads.shift() ?? RAW, LONG]),
      envelope: ENVELOPE,
    });

    await expect(sent).rejects.toMatchObject({ code: 'SENDER' });
    expect(site.relay.messages).toEqual([]);
  });
});
