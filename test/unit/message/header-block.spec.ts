import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { HeaderBlockEnd } from '../../../lib/message/header-block-end.js';
import {
  checkHeaderBlock,
  isPlainHead,
} from '../../../lib/message/header-block.js';
import { encodeBody } from '../../../lib/smtp/body-encoder.js';
import { refusalOf } from './refusal.js';

const piece = fc.constantFrom(
  'From: a@x.example',
  'Bcc: b',
  'X-SMTPAPI: c',
  'X-A: d',
  ' fold',
  '\tfold',
  '\r',
  '\n',
  '\r\n',
  '\0',
  'x',
  ':',
  ' ',
  '\r\n\r\n',
);
const block = fc.array(piece, { maxLength: 12 }).map((parts) => parts.join(''));

function isRefused(text: string): boolean {
  try {
    checkHeaderBlock(Buffer.from(text), 0);
    return false;
  } catch {
    return true;
  }
}

describe('checkHeaderBlock', () => {
  it.each([
    'From: a@x.example',
    'From: a@x.example\r\n',
    'From: a@x.example\r\n\r\n',
    'from:a@x.example\r\nX-A:\r\n\tfold\r\n fold\r\n\r\n\0\r\nBcc: body',
    'From: a@x.example\r\nSubject: ü\r\n',
    'X!#~: a\nFROM: a@x.example\n\nBcc: body',
    `From: a@x.example\r\nX: ${'a'.repeat(995)}\r\n`,
  ])('takes %j', (text) => {
    expect(isRefused(text)).toBe(false);
  });

  it.each([
    '',
    '\r\n',
    '\r\nFrom: a@x.example\r\n\r\n',
    'To: a@x.example\r\n\r\n',
    `From: a@x.example\r\nX: ${'a'.repeat(996)}\r\n`,
    'From: a@x.example\r\nÜ: a\r\n',
    'From: a@x.example\r\n: a\r\n',
    'From: a@x.example\r\nBCC: a\r\n',
    'From: a@x.example\r\nReply-To: jürgen@x.example\r\n',
    'From: Jürgen\r\n <a@x.example>\r\n',
    'From: A\r\n jürgen@x.example\r\n',
  ])('refuses %j', async (text) => {
    const error = await refusalOf(() => checkHeaderBlock(Buffer.from(text), 0));

    expect(error.deliveryState).toBe('not-sent');
  });

  it('judges a text and its form on the wire alike', () => {
    fc.assert(
      fc.property(block, (text) => {
        const onTheWire = text.replace(/\r\n|\r|\n/g, '\r\n');

        expect(isRefused(text)).toBe(isRefused(onTheWire));
      }),
      { numRuns: 2000 },
    );
  });

  it('lets nothing pass that a plain reading of the wire would find', () => {
    fc.assert(
      fc.property(block, (text) => {
        const onTheWire = text.replace(/\r\n|\r|\n/g, '\r\n');
        const head = `\r\n${onTheWire}`.split('\r\n\r\n')[0] ?? '';

        const isEvil = /\r\n(bcc|x-smtpapi)\s*:|\0/i.test(head);

        expect(!isEvil || isRefused(text)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('HeaderBlockEnd', () => {
  it('finds the empty line however the block is cut', () => {
    fc.assert(
      fc.property(block, fc.integer({ min: 1, max: 5 }), (text, size) => {
        const end = new HeaderBlockEnd();
        const chunks = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
        const onTheWire = `\r\n${text.replace(/\r\n|\r|\n/g, '\r\n')}`;

        const found = chunks.some((chunk) => end.reached(Buffer.from(chunk)));

        expect(found).toBe(onTheWire.includes('\r\n\r\n'));
      }),
      { numRuns: 2000 },
    );
  });
});

const plainPiece = fc.constantFrom(
  'From: a@x.example\r\n',
  'From:\r\n',
  'X-A: d\r\n',
  ' fold\r\n',
  '\t\r\n',
  'Bcc: b\r\n',
  'x-smtpapi: c\r\n',
  '.X: e\r\n',
  'X-É: f\r\n',
  'X-B: \x7f\r\n',
  'no header\r\n',
  'X-C: g\n',
  '\r\n',
  `X-D: ${'h'.repeat(990)}\r\n`,
  `X-E: ${'i'.repeat(1000)}\r\n`,
);
const plainBlock = fc
  .array(plainPiece, { maxLength: 5 })
  .map((parts) => `From: a@x.example\r\n${parts.join('')}`);

describe('isPlainHead', () => {
  it('passes only what would be passed, and needs no encoding', () => {
    let passed = 0;
    fc.assert(
      fc.property(fc.oneof(block, plainBlock), (text) => {
        fc.pre(isPlainHead(text));
        passed += 1;

        expect(isRefused(text)).toBe(false);
        expect(String(encodeBody(Buffer.from(text)).wire)).toBe(text);
      }),
      { numRuns: 2000, maxSkipsPerRun: 100 },
    );

    expect(passed).toBe(2000);
  });

  it.each([
    ['no From', 'To: a@x.example\r\n'],
    ['no header', ''],
    ['a fold at first', ' From: a@x.example\r\n'],
    ['a Bcc', 'From: a@x.example\r\nBCC: b@x.example\r\n'],
    ['an X-SMTPAPI', 'From: a@x.example\r\nx-smtpapi: {}\r\n'],
  ])('leaves %s to the full check', (_, text) => {
    expect(isPlainHead(text)).toBe(false);
  });

  it('ends soon with what it does not pass', () => {
    const long = `From: a@x.example\r\n${'X-A: b\r\n c\r\n'.repeat(50_000)}é`;

    expect(isPlainHead(long)).toBe(false);
  });
});
