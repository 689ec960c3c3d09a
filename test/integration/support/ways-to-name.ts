import { Readable } from 'node:stream';
import type {
  MailMessage,
  SendGridSmtpModuleOptions,
} from 'nestjs-sendgrid-smtp';

type Plugins = NonNullable<SendGridSmtpModuleOptions['plugins']>;

/** A way to name recipients: message fields, and plugins that name some. */
export interface WayToName {
  readonly way: string;
  readonly message: MailMessage;
  readonly plugins?: Plugins;
}

const RAW = 'From: shop@example.com\r\nTo: ada@example.net\r\n\r\nHi\r\n';
const ENVELOPE = { from: 'shop@example.com', to: 'ada@example.net' };

const IN_FIELDS: [string, NonNullable<MailMessage['to']>][] = [
  ['a string', 'ada@example.net'],
  ['a string with a name', 'Ada <ada@example.net>'],
  ['a string holding a list', 'Ada <ada@example.net>, bob@example.org'],
  ['a string holding a group', 'Team: ada@example.net, bob@example.org;'],
  ['a list', ['ada@example.net', 'bob@example.org']],
  ['nested lists', [['ada@example.net'], [['bob@example.org']]]],
  ['{ address }', { address: 'ada@example.net' }],
  ['{ name, address }', { name: 'Ada', address: 'ada@example.net' }],
  ['{ email }', { email: 'ada@example.net' }],
  ['{ name, email }', { name: 'Ada', email: 'ada@example.net' }],
  ['{ group }', { name: 'Team', group: [{ email: 'ada@example.net' }] }],
  ['another case', 'ADA@EXAMPLE.NET'],
  ['an international domain', 'ada@jõgeva.example'],
];

const BY_FIELD = (['to', 'cc', 'bcc'] as const).flatMap((field) =>
  IN_FIELDS.flatMap(([form, value]): WayToName[] => {
    const name = `${field[0]?.toUpperCase()}${field.slice(1)}`;
    return [
      { way: `${field}: ${form}`, message: { [field]: value } },
      {
        way: `envelope.${field}: ${form}`,
        message: {
          to: 'bob@example.org',
          envelope: { ...ENVELOPE, [field]: value },
        },
      },
      {
        way: `headers.${name}: ${form}`,
        message: { headers: { [name]: value } },
      },
    ];
  }),
);

/** Every way in which a message, or what works on it, can name recipients. */
export const WAYS_TO_NAME: readonly WayToName[] = [
  ...BY_FIELD,
  {
    way: 'headers as a list, with one name twice',
    message: {
      headers: [
        { key: 'to', value: 'ada@example.net' },
        { key: ' T O:', value: 'bob@example.org' },
      ],
    },
  },
  {
    way: 'one header as { key, value }',
    message: { headers: { key: 'Bcc', value: 'ada@example.net' } },
  },
  {
    way: 'raw as a string',
    message: { raw: RAW, envelope: ENVELOPE },
  },
  {
    way: 'raw as a Buffer, and recipients as fields',
    message: {
      raw: Buffer.from(RAW),
      to: 'ada@example.net',
      bcc: 'b@b.example',
    },
  },
  {
    way: 'raw as a stream',
    message: { raw: () => Readable.from([RAW]), envelope: ENVELOPE },
  },
  {
    way: 'a plugin that adds to the fields',
    message: { to: 'ada@example.net' },
    plugins: [
      {
        step: 'compile',
        plugin: (mail, done) => {
          mail.data.bcc = ['bob@example.org'];
          done();
        },
      },
    ],
  },
  {
    way: 'a plugin that adds headers to the tree',
    message: { to: 'ada@example.net' },
    plugins: [
      {
        step: 'stream',
        plugin: (mail, done) => {
          mail.message.addHeader('To', 'bob@example.org');
          mail.message.addHeader('Bcc', 'eve@example.org');
          done();
        },
      },
    ],
  },
  {
    way: 'a plugin that sets the envelope of the tree',
    message: { to: 'ada@example.net' },
    plugins: [
      {
        step: 'stream',
        plugin: (mail, done) => {
          mail.message.setEnvelope({ ...ENVELOPE, to: 'eve@example.org' });
          done();
        },
      },
    ],
  },
  {
    way: 'a plugin that replaces what tells the envelope',
    message: { to: 'ada@example.net' },
    plugins: [
      {
        step: 'stream',
        plugin: (mail, done) => {
          mail.message.getEnvelope = () => ({
            from: 'shop@example.com',
            to: ['eve@example.org'],
          });
          done();
        },
      },
    ],
  },
];
