import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { BodyEncoder, encodeBody } from '../../../lib/smtp/body-encoder.js';

/** Bytes that matter, most of the time. */
const byte = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(13, 10, 46) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 255 }) },
);
const message = fc
  .array(byte, { maxLength: 60 })
  .map((bytes) => Buffer.from(bytes));
const cuts = fc.array(fc.integer({ min: 0, max: 7 }), { maxLength: 30 });

/** Encodes in pieces of the given lengths, the rest as one. */
function inPieces(bytes: Buffer, lengths: readonly number[]): Buffer {
  const encoder = new BodyEncoder();
  const out: Buffer[] = [];
  let at = 0;
  for (const length of lengths) {
    out.push(encoder.push(bytes.subarray(at, at + length)));
    at += length;
  }
  out.push(encoder.push(bytes.subarray(at)), encoder.end());
  return Buffer.concat(out);
}

/** All that follows DATA. */
function wireOf(bytes: Buffer): Buffer {
  const { wire, end } = encodeBody(bytes);
  return Buffer.concat([wire, end]);
}

/** What a server makes of the lines before the end mark. */
function unstuffed(wire: string): string {
  return wire
    .slice(0, -'.\r\n'.length)
    .split('\r\n')
    .map((line) => (line.startsWith('.') ? line.slice(1) : line))
    .join('\r\n');
}

/** A message with CRLF line ends only, its last line complete. */
function normalised(bytes: Buffer): string {
  const text = bytes.toString('latin1').replaceAll(/\r\n|\r|\n/g, '\r\n');
  return text === '' || text.endsWith('\r\n') ? text : `${text}\r\n`;
}

describe('a body on the wire', () => {
  it('is the same however its bytes are cut', () => {
    fc.assert(
      fc.property(message, cuts, (bytes, lengths) => {
        const whole = wireOf(bytes);

        expect(inPieces(bytes, lengths)).toEqual(whole);
        expect(inPieces(bytes, Array(bytes.length).fill(1))).toEqual(whole);
      }),
      { numRuns: 2000 },
    );
  });

  it('ends with the only end mark it holds', () => {
    fc.assert(
      fc.property(message, (bytes) => {
        // The line end of DATA stands before the body.
        const wire = `\r\n${wireOf(bytes).toString('latin1')}`;

        expect(wire.indexOf('\r\n.\r\n')).toBe(wire.length - 5);
      }),
      { numRuns: 2000 },
    );
  });

  it('holds no bare CR and no bare LF', () => {
    fc.assert(
      fc.property(message, (bytes) => {
        const wire = wireOf(bytes).toString('latin1');

        expect(wire.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
      }),
      { numRuns: 2000 },
    );
  });

  it('reads back as the message with its line ends made CRLF', () => {
    fc.assert(
      fc.property(message, (bytes) => {
        const wire = wireOf(bytes).toString('latin1');

        expect(unstuffed(wire)).toBe(normalised(bytes));
      }),
      { numRuns: 2000 },
    );
  });

  it('knows whether it holds octets above 127', () => {
    fc.assert(
      fc.property(message, (bytes) => {
        const high = bytes.some((octet) => octet > 127);
        const encoder = new BodyEncoder();
        encoder.push(bytes);

        expect(encodeBody(bytes).eightBit).toBe(high);
        expect(encoder.eightBit).toBe(high);
      }),
    );
  });

  it.each([
    ['', '.\r\n'],
    ['Hello\r\n', 'Hello\r\n.\r\n'],
    ['Hello', 'Hello\r\n.\r\n'],
    ['Hello\r', 'Hello\r\n.\r\n'],
    ['Hello\n', 'Hello\r\n.\r\n'],
    ['a\nb\rc\r\nd', 'a\r\nb\r\nc\r\nd\r\n.\r\n'],
    ['\r\r\n\n', '\r\n\r\n\r\n.\r\n'],
    ['.', '..\r\n.\r\n'],
    ['.\r\n', '..\r\n.\r\n'],
    ['\r.\r', '\r\n..\r\n.\r\n'],
    ['\n.\n', '\r\n..\r\n.\r\n'],
    ['a\r\n.\r\nMAIL FROM:<x>\r\n', 'a\r\n..\r\nMAIL FROM:<x>\r\n.\r\n'],
    ['a.b\r\n..c', 'a.b\r\n...c\r\n.\r\n'],
  ])('of %j is %j', (text, wire) => {
    expect(wireOf(Buffer.from(text)).toString()).toBe(wire);
    expect(inPieces(Buffer.from(text), []).toString()).toBe(wire);
  });

  it('leaves a clean message untouched before its end mark', () => {
    const clean = Buffer.from('Subject: a\r\n\r\nGrüße.\r\n');
    const { wire, eightBit } = encodeBody(clean);

    expect(wire.subarray(0, clean.length)).toEqual(clean);
    expect(eightBit).toBe(true);
  });
});
