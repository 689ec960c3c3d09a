import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  isMailError,
  MailService,
  SendGridSmtpModule,
  type MailMessage,
  type SendGridSmtpModuleOptions,
} from 'nestjs-sendgrid-smtp';
import { CAPTURE } from '../integration/support/options.js';

/** Long enough for what grows with the square of it to show. */
const SMALL = 8000;
const TIMES = 8;

/** Shorter than what takes a square of steps could be, in milliseconds. */
const NOTHING_MS = 50;

const MAX_TRIES = 10;

const A = 'a@x.example';

/** Text of about `n` characters, from a part that is repeated. */
function text(part: string, before = '', after = ''): (n: number) => string {
  return (n) => before + part.repeat(Math.ceil(n / part.length)) + after;
}

const TEXTS: readonly (readonly [string, (n: number) => string])[] = [
  ['a list', text(`${A}, `)],
  ['names', text('a, ', '', `b <${A}>`)],
  ['names and addresses', text(`"Doe, Ada" <${A}>, `)],
  ['a group', text(`${A}, `, 'G: ', ';')],
  ['groups', text(`g: ${A}; `)],
  ['groups in groups', text('g: ')],
  ['groups that end', text('g: ;')],
  ['commas', text(',')],
  ['semicolons', text(';')],
  ['blanks', text(' ', 'a', '@x.example')],
  ['blanks behind', text(' ', A)],
  ['blanks and words', text('a b ', '', '@x.example')],
  ['tabs', text('\t', '', A)],
  ['parentheses', text('(')],
  ['parentheses that close', text(')', '(')],
  ['comments', text('(c) ', '', A)],
  [
    'comments in comments',
    (n) => `${'('.repeat(n / 2)}${')'.repeat(n / 2)}${A}`,
  ],
  ['comments with addresses', text(`(${A}) `, '', A)],
  ['quotes', text('"')],
  ['quoted words', text('"a" ', '', `<${A}>`)],
  ['quotes within words', text('a"b"', '', '@x.example')],
  ['apostrophes', text("'a' ", '', `<${A}>`)],
  ['backslashes', text('\\', '', A)],
  ['backslashes in quotes', text('\\', '"', A)],
  ['quotes that are escaped', text('\\"', '"', A)],
  ['opening brackets', text('<', '', A)],
  ['closing brackets', text('>', A)],
  ['brackets', text('<>', '', A)],
  ['brackets with addresses', text(`<${A}>`)],
  ['addresses without commas', text(`${A} `)],
  ['@', text('@')],
  ['@ and words', text('a@')],
  ['@ and blanks', text('@ ')],
  ['literals', text('a@[')],
  ['a long local part', text('a', '', '@x.example')],
  ['dots in a local part', text('a.', '', 'a@x.example')],
  ['a long domain', text('b.', 'a@', 'example')],
  ['dots with blanks', text('b .', 'a@', 'example')],
  ['hyphens in a domain', text('-', 'a@x', 'x.example')],
  ['an international domain', text('é', 'a@', '.example')],
  ['an international local part', text('é', '', '@x.example')],
  ['encoded words', text('=?utf-8?q?a?= ', '', `<${A}>`)],
  ['a name to encode', text('é"', '', `<${A}>`)],
  ['source routes', text('@a,', '<', `:${A}>`)],
];

type Fields = readonly [string, (n: number) => MailMessage];

function nested(depth: number, make: (inner: unknown) => unknown): unknown {
  let value: unknown = A;
  for (let i = 0; i < depth; i += 1) value = make(value);
  return value;
}

// What is nested without an end has no type.
function toOf(value: unknown): MailMessage {
  return { to: value as MailMessage['to'] };
}

const SHAPES: readonly Fields[] = [
  ['lists in lists', (n) => toOf(nested(n, (inner) => [inner]))],
  [
    'groups in groups, as objects',
    (n) => toOf(nested(n, (inner) => ({ name: 'G', group: [inner] }))),
  ],
  [
    'members of a group',
    (n) => toOf({ name: 'G', group: Array(Math.ceil(n / 12)).fill(A) }),
  ],
  [
    'different recipients',
    (n) => toOf(Array.from({ length: n / 12 }, (_, i) => `a${i}@x.example`)),
  ],
  [
    'objects',
    (n) =>
      toOf(Array.from({ length: n / 20 }, () => ({ name: 'Ä', address: A }))),
  ],
  [
    'quotes that are escaped, in a raw From',
    (n) => ({
      envelope: { from: 'shop@example.com', to: A },
      raw: `From: "${text(`${'\\"'.repeat(400)}\r\n `)(n)}\r\n\r\nHi`,
    }),
  ],
];

const ALL: readonly Fields[] = [
  ...TEXTS.map(([label, make]): Fields => [label, (n) => ({ to: make(n) })]),
  ...TEXTS.map(([label, make]): Fields => [
    `${label}, in \`from\``,
    (n) => ({ to: A, from: make(n) }),
  ]),
  ...SHAPES,
];

async function cpuMs(mail: MailService, message: MailMessage): Promise<number> {
  const start = process.cpuUsage();
  await mail.send(message).catch((error: unknown) => {
    if (!isMailError(error)) throw new Error('No MailError', { cause: error });
  });
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** Whether a message that is longer takes longer in proportion, or nearly. */
async function isLinear(
  mail: MailService,
  make: (n: number) => MailMessage,
): Promise<boolean> {
  const small = make(SMALL);
  const large = make(SMALL * TIMES);
  let short = Infinity;
  let long = Infinity;
  for (let i = 0; i < MAX_TRIES; i += 1) {
    // What else the process does counts too, so the best of each is compared.
    short = Math.min(short, await cpuMs(mail, small));
    long = Math.min(long, await cpuMs(mail, large));
    if (long <= Math.max(NOTHING_MS, 3 * TIMES * short)) return true;
  }
  return false;
}

const WAYS: readonly [string, SendGridSmtpModuleOptions][] = [
  ['composed directly', {}],
  [
    'over the tree, with everything that reads addresses',
    {
      allowedFrom: ['example.com'],
      redirect: { to: 'qa@example.com', except: ['staging.example'] },
      guards: {
        perRecipient: { messages: 9, perMs: 1000, onExceeded: 'warn' },
      },
    },
  ],
];

describe.each(WAYS)('long address fields, %s', (_way, options) => {
  let app: INestApplicationContext;
  beforeAll(async () => {
    const module = SendGridSmtpModule.forRoot({ ...CAPTURE, ...options });
    app = await NestFactory.createApplicationContext(module, { logger: false });
  });
  afterAll(() => app.close());

  it.each(ALL)('take time in proportion: %s', async (_label, make) => {
    expect(await isLinear(app.get(MailService), make)).toBe(true);
  });
});
