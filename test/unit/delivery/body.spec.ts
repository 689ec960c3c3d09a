import { Readable } from 'node:stream';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { bodyOf, heldBytes } from '../../../lib/delivery/body.js';
import type { Content } from '../../../lib/smtp/content.js';

function stream(reusable: boolean): Content {
  return { kind: 'stream', reusable, open: () => Readable.from([]) };
}

function bytes(text: string): Content {
  return { kind: 'bytes', bytes: Buffer.from(text) };
}

describe('the body of a message', () => {
  it('in memory is encoded once, its size taken before dot-stuffing', () => {
    expect(bodyOf(bytes('Hi\r\n.\r\nü\r\n'))).toEqual({
      kind: 'bytes',
      wire: Buffer.from('Hi\r\n..\r\nü\r\n'),
      end: Buffer.from('.\r\n'),
      size: 11,
      eightBit: true,
    });
  });

  it('has the size that the server will count', () => {
    const piece = fc.constantFrom('a', '\r\n', '\n', '\r', '.', '..');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const text = pieces.join('');
        const lines = text.replaceAll(/\r\n|\r|\n/g, '\r\n');
        const whole = lines === '' || lines.endsWith('\r\n');
        const received = whole ? lines.length : lines.length + 2;

        expect(bodyOf(bytes(text))).toMatchObject({ size: received });
      }),
    );
  });

  it('that is a stream is passed on as it is', () => {
    const content = stream(true);

    expect(bodyOf(content)).toBe(content);
  });

  it.each([
    ['bytes', bytes('Hi\r\n'), 4],
    ['a stream that can be opened anew', stream(true), 0],
    ['a stream that was read in part', stream(false), 1000],
  ])('as %s holds its share of memory', (_, content, held) => {
    expect(heldBytes(bodyOf(content), 1000)).toBe(held);
  });
});
