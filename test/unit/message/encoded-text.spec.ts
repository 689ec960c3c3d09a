import fc from 'fast-check';
import * as qp from 'nodemailer/lib/qp';
import { describe, expect, it } from 'vitest';

import { encodedText } from '../../../lib/message/encoded-text.js';
import { encodeBody } from '../../../lib/smtp/body-encoder.js';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
console.info(`seed ${SEED} (set SEED to repeat)`);

const LONG = `${'a line that is too long to leave as it is. '.repeat(2)}x`;

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
const GAPS = [' ', ' ', '. ', ', ', '\n', '\n\n', '\n.', '!', '?', '\t'];
const ODD_GAPS = [' \n', '\r\n', '\r', '\x7f', '\v', 'é', '€'];
const gap = fc.oneof(
  { weight: 60, arbitrary: fc.constantFrom(...GAPS, '=') },
  { weight: 1, arbitrary: fc.constantFrom(...ODD_GAPS) },
);
const text = fc
  .array(fc.tuple(word, gap), { maxLength: 60 })
  .map((parts) => parts.flat().join(''));

/** What of a piece goes out, and whether it was claimed to need nothing more. */
function sent(content: string): { wire: string; isWire: boolean } {
  const { piece, isWire } = encodedText(content);
  const wire = String(encodeBody(Buffer.from(piece)).wire);
  expect(isWire ? String(piece) : wire).toBe(wire);
  return { wire, isWire };
}

function asNodemailer(content: string): string {
  return String(encodeBody(Buffer.from(qp.wrap(qp.encode(content)))).wire);
}

describe('text in quoted-printable', () => {
  it('is on the wire what nodemailer makes of it', () => {
    let soft = 0;
    let ready = 0;
    fc.assert(
      fc.property(text, (rest) => {
        const content = LONG + rest;
        // Its stream encoder holds a last blank back.
        fc.pre(!/[ \t]$/.test(content));
        fc.pre(encodedText(content).encoding === 'quoted-printable');
        const { wire, isWire } = sent(content);
        soft += wire.split('=\r\n').length - 1;
        if (isWire) ready += 1;

        expect(wire).toBe(asNodemailer(content));
      }),
      { numRuns: 5000, seed: SEED },
    );

    expect(soft).toBeGreaterThan(3000);
    expect(ready).toBeGreaterThan(1000);
  });

  it.each([
    ['a break at the last column', `${'x'.repeat(75)} ${'y'.repeat(30)}`],
    ['a break one before it', `${'x'.repeat(74)} z${'y'.repeat(30)}`],
    [
      'a line of 76 and its end',
      `${LONG}\n${'x'.repeat(75)}\n${'y'.repeat(30)}`,
    ],
    ['a line of 77', `${'x'.repeat(60)} ${'x'.repeat(16)}`],
    ['an equals sign around the last column', `${'x '.repeat(36)}a==b c d e`],
    ['equals signs alone', `${'='.repeat(200)}a`],
    ['an equals sign at the end', `${'x'.repeat(75)}==`],
    ['a long last line with a break', `${'x'.repeat(77)} ${'y '.repeat(33)}z`],
    ['nothing but breaks', `${'. '.repeat(100)}a.`],
    ['line ends alone', `${LONG}${'\n'.repeat(300)}`],
    ['dots at the beginning of lines', `${LONG}\n.\n..\n${'.'.repeat(200)}`],
    ['a word that is too long', `a b ${'w'.repeat(500)} c d e`],
    ['a lone CR', `${LONG}\r${LONG}`],
    ['a blank at the end of a line', `${LONG} \n${LONG}`],
    ['no line end', `${'word '.repeat(13_000)}end`],
  ])('is so with %s', (_, content) => {
    const trimmed = content.trimEnd() + (content.endsWith('\n') ? '\n' : '');

    expect(encodedText(trimmed).encoding).toBe('quoted-printable');
    expect(sent(trimmed).wire).toBe(asNodemailer(trimmed));
  });

  it('says of a line that begins with a dot that it needs another', () => {
    expect(encodedText(`${LONG}\nend`).isWire).toBe(true);
    expect(encodedText(`${LONG}\n.end`).isWire).toBe(false);
    expect(encodedText(`.${LONG}`).isWire).toBe(false);
    expect(encodedText(`${'x'.repeat(75)}..end`).isWire).toBe(false);
  });
});

describe('text that needs no encoding', () => {
  it.each([
    ['with line ends', 'one\ntwo\n', 'one\r\ntwo\r\n', true],
    ['with CRLF', 'one\r\ntwo\r\n', 'one\r\ntwo\r\n', false],
    ['with a dot at its beginning', '.one\n', '..one\r\n', false],
    ['with a dot on a later line', 'one\n.two\n', 'one\r\n..two\r\n', false],
    ['of nothing', '', '', true],
  ])('leaves as it is %s', (_, content, wire, isWire) => {
    expect(encodedText(content).encoding).toBe('7bit');
    expect(sent(content)).toEqual({ wire, isWire });
  });
});
