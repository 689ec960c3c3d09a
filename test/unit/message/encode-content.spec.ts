import fc from 'fast-check';
import * as qp from 'nodemailer/lib/qp';
import { describe, expect, it } from 'vitest';

import { encodePlainQuotedPrintable } from '../../../lib/message/encode-content.js';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
console.info(`seed ${SEED} (set SEED to repeat)`);

const word = fc.oneof(
  fc.string({
    unit: fc.constantFrom(...Array.from('abcXYZ0189=./-_<>"')),
    maxLength: 12,
  }),
  fc.string({
    unit: fc.constantFrom(...Array.from('abc=D3')),
    minLength: 20,
    maxLength: 90,
  }),
);
const GAPS = [
  ' ',
  ' ',
  '. ',
  ', ',
  '\n',
  '\n\n',
  '!',
  '?',
  '\t',
  ' \n',
  '\r\n',
  '\r',
];
const gap = fc.constantFrom(...GAPS, '=', '\x7f');
const text = fc
  .array(fc.tuple(word, gap), { maxLength: 60 })
  .map((parts) => parts.flat().join(''));

describe('plain text in quoted-printable', () => {
  it('is what nodemailer makes of it', () => {
    let soft = 0;
    fc.assert(
      fc.property(text, (plain) => {
        const encoded = String(encodePlainQuotedPrintable(plain));
        soft += encoded.split('=\r\n').length - 1;

        // Its stream encoder holds a last blank back.
        fc.pre(!/[ \t]$/.test(plain));
        expect(encoded).toBe(qp.wrap(qp.encode(plain)));
      }),
      { numRuns: 3000, seed: SEED },
    );

    expect(soft).toBeGreaterThan(1000);
  });

  it.each([
    ['a break at the last column', `${'x'.repeat(75)} ${'y'.repeat(30)}`],
    ['a break one before it', `${'x'.repeat(74)} z${'y'.repeat(30)}`],
    ['a line of 76 and its end', `${'x'.repeat(75)}\n${'y'.repeat(30)}`],
    ['a line of 77', `${'x'.repeat(60)} ${'x'.repeat(16)}`],
    ['an equals sign around the last column', `${'x '.repeat(36)}a==b c d e`],
    ['a long last line with a break', `${'x'.repeat(77)} ${'y '.repeat(33)}z`],
    ['nothing but breaks', `${'. '.repeat(100)}.`],
    ['a word that is too long', `a b ${'w'.repeat(500)} c d e`],
    ['nothing', ''],
  ])('is so with %s', (_, plain) => {
    expect(String(encodePlainQuotedPrintable(plain))).toBe(
      qp.wrap(qp.encode(plain)),
    );
  });

  it('takes no longer per letter for text without line ends', () => {
    const plain = 'word '.repeat(13_000) + 'end';

    expect(String(encodePlainQuotedPrintable(plain))).toBe(
      qp.wrap(qp.encode(plain)),
    );
  });
});
