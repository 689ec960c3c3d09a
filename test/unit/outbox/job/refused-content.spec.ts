import { Readable } from 'node:stream';

import { describe, expect, it } from 'vitest';

import { refusalOf } from '../../message/refusal.js';
import { encode } from './jobs.js';

const endless: unknown[] = [];
endless.push(endless);
const ring: Record<string, unknown> = { name: 'Team' };
ring['group'] = ring;

const REFUSED: readonly (readonly [string, object, RegExp])[] = [
  ['a stream', { text: Readable.from(['x']) }, /`text` is a stream.*Buffer/],
  [
    'a stream in a part',
    { attachments: [{}, { content: Readable.from(['x']) }] },
    /`attachments\[1\]\.content` is a stream.*MailService\.send/,
  ],
  ['a stream as an address', { to: Readable.from([]) }, /`to` is a stream/],
  ['a function', { html: () => 'x' }, /`html` is a function.*Buffer/],
  [
    'a function in a part',
    { alternatives: [{ raw: () => 'x' }] },
    /`alternatives\[0\]\.raw` is a function/,
  ],
  [
    'a function in headers',
    { headers: { 'X-A': [() => 'x'] } },
    /`headers\.X-A\[0\]` is a function/,
  ],
  [
    'a file',
    { attachments: [{ path: '/etc/passwd' }] },
    /`attachments\[0\]\.path` points to a file or URL.*Buffer/,
  ],
  [
    'a URL',
    { attachments: [{ href: 'https://x.example/' }] },
    /`attachments\[0\]\.href` points to a file or URL/,
  ],
  ['a URL object', { text: { href: new URL('data:,x') } }, /`text\.href`/],
  ['a file as content', { raw: { path: '/x' } }, /`raw\.path` points to/],
  [
    'a file as the content of a part',
    { html: { content: { path: '/x' } } },
    /`html\.content\.path` points to/,
  ],
  ['an object as content', { raw: {} }, /`raw` is no field|`raw`/],
  [
    'how a URL is fetched',
    { attachments: [{ httpHeaders: { Authorization: 'x' } }] },
    /`attachments\[0\]\.httpHeaders` is no field/,
  ],
  ['an unknown field', { templates: 'x' }, /`templates` is no field/],
  ['a context without a template', { context: {} }, /`context`.*names none/],
  [
    'an unknown field of a part',
    { attachments: [{ content: 'x', size: 1 }] },
    /`attachments\[0\]\.size` is no field/,
  ],
  [
    'an unknown field of the envelope',
    { envelope: { size: 1 } },
    /`envelope.size`/,
  ],
  [
    'an unknown field of a header',
    { headers: [{ key: 'A', x: 1 }] },
    /\[0\]\.x`/,
  ],
  [
    'an unknown field of a prepared header',
    { headers: { A: { value: 'x', y: 1 } } },
    /`headers\.A\.y` is no field/,
  ],
  ['a field of every object', { toString: 'x' }, /`toString` is no field/],
  [
    'a field that changes prototypes',
    JSON.parse('{ "headers": { "__proto__": "x" } }') as object,
    /`headers\.__proto__` is no field/,
  ],
  [
    'the same deep in data',
    JSON.parse('{ "sendgrid": { "a": [{ "__proto__": {} }] } }') as object,
    /`sendgrid\.a\[0\]\.__proto__` is no field/,
  ],
  ['DKIM keys', { dkim: { privateKey: 'x' } }, /`dkim`.*private key.*option/],
  ['not a number', { headers: { A: Number.NaN } }, /`headers.A`.*finite/],
  ['a bigint', { sendgrid: { asm: 1n } }, /`sendgrid\.asm`.*bigint/],
  ['a symbol', { subject: Symbol('x') }, /`subject`.*symbol/],
  ['an invalid date', { date: new Date(Number.NaN) }, /`date`.*invalid date/],
  ['a promise', { text: Promise.resolve('x') }, /`text`.*Promise/],
  ['a map', { headers: new Map([['A', 'x']]) }, /`headers`.*Map/],
  [
    'other numbers in memory',
    { raw: new Uint16Array(1) },
    /`raw`.*Uint16Array/,
  ],
  ['a list in itself', { to: endless }, /`to\[0\].*` cannot.*nested/],
  ['a group in itself', { to: ring }, /`to\.group.*` cannot.*nested/],
  ['data in itself', { sendgrid: ring }, /`sendgrid\.group.*` cannot.*nested/],
];

describe('a message that cannot be stored', () => {
  it.each(REFUSED)('is refused for %s', async (_what, message, expected) => {
    const error = await refusalOf(() => encode(message));

    expect(error.message).toMatch(expected);
    expect(error.retryable).toBe(false);
  });

  it.each([undefined, null, 'text', 7])(
    'is refused for being %s',
    async (message) => {
      const error = await refusalOf(() => encode(message as unknown as object));

      expect(error.message).toMatch(/`message`.*object/);
    },
  );

  it('is refused without printing a key in a name', async () => {
    const error = await refusalOf(() => encode({ ['SG.secret.key']: 'x' }));

    expect(error.message).not.toContain('secret');
  });
});
