import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Reply } from '../../../lib/smtp/reply.js';
import { DesyncError, ReplyReader } from '../../../lib/smtp/reply-reader.js';

interface Reading {
  readonly replies: Reply[];
  readonly partial: boolean;
  readonly desync: string | undefined;
}

/** Feeds bytes in the given pieces and tells all that came of it. */
function readAll(pieces: readonly Buffer[]): Reading {
  const replies: Reply[] = [];
  const reader = new ReplyReader((reply) => replies.push(reply));
  let desync: string | undefined;
  try {
    for (const piece of pieces) reader.push(piece);
  } catch (error) {
    if (!(error instanceof DesyncError)) throw error;
    desync = error.message;
  }
  return { replies, partial: reader.partial, desync };
}

function read(text: string): Reading {
  return readAll([Buffer.from(text)]);
}

/** Cuts bytes into pieces as long as `sizes` say, over and over. */
function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  let at = 0;
  for (let i = 0; at < bytes.length; i += 1) {
    const size = sizes[i % sizes.length] ?? 1;
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

const code = fc.integer({ min: 200, max: 599 });
const text = fc
  .string({ unit: 'binary', maxLength: 30 })
  .map((value) => value.replaceAll(/[\r\n]|[\uD800-\uDFFF]/g, ''));

interface Written {
  readonly wire: string;
  readonly reply: Reply;
}

const written: fc.Arbitrary<Written> = fc
  .tuple(code, fc.array(text, { minLength: 1, maxLength: 4 }), fc.boolean())
  .map(([number, lines, bare]) => {
    const last = lines.length - 1;
    const wire = lines.map((line, index) => {
      const omitted = bare && line === '' && index === last;
      const mark = index === last ? ' ' : '-';
      return `${number}${omitted ? '' : mark}${line}\r\n`;
    });
    return {
      wire: wire.join(''),
      reply: { code: number, text: lines.join('\n') },
    };
  });

const sizes = fc.array(fc.integer({ min: 1, max: 9 }), {
  minLength: 1,
  maxLength: 6,
});

describe('ReplyReader', () => {
  it('gives the replies that were sent, however their bytes are cut', () => {
    fc.assert(
      fc.property(
        fc.array(written, { maxLength: 6 }),
        sizes,
        (sent, lengths) => {
          const wire = Buffer.from(sent.map((one) => one.wire).join(''));
          const expected = {
            replies: sent.map((one) => one.reply),
            partial: false,
            desync: undefined,
          };

          expect(readAll([wire])).toEqual(expected);
          expect(readAll(cut(wire, lengths))).toEqual(expected);
          expect(readAll(cut(wire, [1]))).toEqual(expected);
        },
      ),
    );
  });

  it('judges any bytes alike, however they are cut', () => {
    const piece = fc.constantFrom(
      '250',
      '250-',
      '250 ok',
      '354 go',
      '\r\n',
      '\r',
      '\n',
      '150 x',
      '600 x',
      'x',
      'é',
      '\0',
      ' ',
    );
    const wire = fc
      .array(piece, { maxLength: 12 })
      .map((parts) => Buffer.from(parts.join('')));
    fc.assert(
      fc.property(wire, sizes, (bytes, lengths) => {
        const whole = readAll([bytes]);
        const pieces = readAll(cut(bytes, lengths));

        expect(pieces.replies).toEqual(whole.replies);
        expect(pieces.desync).toBe(whole.desync);
      }),
      { numRuns: 2000 },
    );
  });

  it('joins the lines of a reply with line feeds', () => {
    expect(
      read('250-smtp.sendgrid.net\r\n250-PIPELINING\r\n250 SIZE 1\r\n'),
    ).toMatchObject({
      replies: [{ code: 250, text: 'smtp.sendgrid.net\nPIPELINING\nSIZE 1' }],
    });
  });

  it.each([
    ['250\r\n', { code: 250, text: '' }],
    ['250 \r\n', { code: 250, text: '' }],
    ['250-a\r\n250\r\n', { code: 250, text: 'a\n' }],
    ['200 lowest\r\n', { code: 200, text: 'lowest' }],
    ['599 highest\r\n', { code: 599, text: 'highest' }],
    ['250 250-ok\r\n', { code: 250, text: '250-ok' }],
    [
      '550 Empfänger über Kontingent ✉\r\n',
      {
        code: 550,
        text: 'Empfänger über Kontingent ✉',
      },
    ],
  ])('reads %j', (wire, reply) => {
    expect(read(wire)).toEqual({
      replies: [reply],
      partial: false,
      desync: undefined,
    });
  });

  it('replaces what is not UTF-8', () => {
    const wire = Buffer.from('550 caf\xe9\r\n', 'latin1');

    expect(readAll([wire]).replies).toEqual([{ code: 550, text: 'caf\ufffd' }]);
  });

  it.each([
    'warning: low disk space\r\n',
    '\r\n',
    '25 ok\r\n',
    '2500 ok\r\n',
    '250ok\r\n',
    '250\tok\r\n',
    ' 250 ok\r\n',
    '150 early\r\n',
    '199 x\r\n',
    '600 x\r\n',
    '000 x\r\n',
    '250 ok\n\r\n',
    '250 a\rb\r\n',
    '250 ok\r\r\n',
    '250 a\n250 b\r\n',
    '２50 ok\r\n',
  ])('refuses %j as out of step', (wire) => {
    const { replies, desync } = read(wire);

    expect(replies).toEqual([]);
    expect(desync).toContain('no reply');
  });

  it('quotes nothing of what it refuses, which may be what was sent', () => {
    const { desync = '' } = read('AUTH PLAIN AGFwaWtleQBTRy5h\r\n');

    expect(desync).toBe('a line that is no reply');
  });

  it('cuts a reply where a key begins, and no ordinary word', () => {
    const key = `SG.${'a'.repeat(22)}.${'b'.repeat(43)}`;

    expect(read(`535 no ${key} here\r\n`).replies).toEqual([
      { code: 535, text: 'no [redacted]' },
    ]);
    expect(read('550 SPAM MSG. Blocked\r\n').replies).toEqual([
      { code: 550, text: 'SPAM MSG. Blocked' },
    ]);
  });

  it('takes no bare LF for the end of a line', () => {
    expect(read('250 ok\n')).toEqual({
      replies: [],
      partial: true,
      desync: undefined,
    });
  });

  it('refuses another code inside a reply', () => {
    expect(read('250-a\r\n550 b\r\n')).toMatchObject({
      replies: [],
      desync: 'reply code changed from 250 to 550',
    });
  });

  it('hands on what was whole before the stream broke', () => {
    expect(read('250 ok\r\ngarbage\r\n250 no\r\n')).toMatchObject({
      replies: [{ code: 250, text: 'ok' }],
      desync: 'a line that is no reply',
    });
  });

  it.each([[[4096]], [[1]], [[4097]], [[4095, 1, 1, 1]], [[5000]]])(
    'takes a line of 4,096 bytes and not one more, cut into %j',
    (lengths) => {
      const longest = Buffer.from(`250 ${'x'.repeat(4092)}\r\n`);
      const tooLong = Buffer.from(`250 ${'x'.repeat(4093)}\r\n`);

      expect(readAll(cut(longest, lengths)).replies).toHaveLength(1);
      expect(readAll(cut(tooLong, lengths))).toMatchObject({
        replies: [],
        desync: 'reply line too long',
      });
    },
  );

  it('does not collect a line that never ends', () => {
    const endless = Array.from({ length: 10 }, () => Buffer.alloc(1000, 'x'));

    expect(readAll(endless).desync).toBe('reply line too long');
  });

  it('does not collect a reply that never ends', () => {
    const line = Buffer.from(`250-${'x'.repeat(996)}\r\n`);
    const lines = (count: number): Buffer[] =>
      Array.from({ length: count }, () => line);
    const end = Buffer.from('250 \r\n');

    expect(readAll([...lines(65), end]).replies).toHaveLength(1);
    expect(readAll(lines(66)).desync).toBe('reply too long');
  });

  it('counts the size of each reply afresh', () => {
    const line = `250-${'x'.repeat(996)}\r\n`;
    const reply = `${line.repeat(60)}250 end\r\n`;

    expect(read(reply.repeat(5)).replies).toHaveLength(5);
  });

  it.each([
    ['', false],
    ['2', true],
    ['250 ok\r', true],
    ['250 ok\r\n', false],
    ['250-ok\r\n', true],
    ['250 ok\r\n2', true],
  ])('after %j says that partial input is held: %s', (wire, partial) => {
    expect(read(wire).partial).toBe(partial);
  });

  it('shows a listener the bytes behind the reply it is given', () => {
    const seen: boolean[] = [];
    const reader = new ReplyReader(() => seen.push(reader.partial));
    reader.push(Buffer.from('220 go\r\n250 injected\r\n'));

    expect(seen).toEqual([true, false]);
  });

  it('reads no further once stopped, not even what has arrived', () => {
    const replies: Reply[] = [];
    const reader = new ReplyReader((reply) => {
      replies.push(reply);
      reader.stop();
    });
    reader.push(Buffer.from('220 go\r\n250 injected\r\ngarbage\r\n'));
    reader.push(Buffer.from('250 later\r\n'));

    expect(replies).toEqual([{ code: 220, text: 'go' }]);
    expect(reader.partial).toBe(false);
  });

  it('drops a reply that was half read when it was stopped', () => {
    const replies: Reply[] = [];
    const reader = new ReplyReader((reply) => replies.push(reply));
    reader.push(Buffer.from('250-a\r\n25'));
    reader.stop();
    reader.push(Buffer.from('0 b\r\n'));

    expect(replies).toEqual([]);
  });
});
