import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { MailMessage } from '../../../lib/message/mail-message.js';
import { serialize } from '../../../lib/message/serialize.js';
import { LIMITS, compose, plain } from './compose.js';

const word = fc.string({ unit: 'grapheme', maxLength: 30 });
const line = fc.oneof(
  word,
  fc.constant(''),
  fc.constant('.'),
  fc.constant('..'),
  fc.constant('From me'),
  fc.constant('ends with blanks  '),
  fc.constant('tab\t'),
  fc.constant('=3D=\t= '),
  fc.constant('x'.repeat(75)),
  fc.constant('y'.repeat(1200)),
  fc.constant('ключ 🔑 '.repeat(40)),
  fc.constant('lone \ud83d surrogate'),
);
const body = fc
  .tuple(
    fc.array(line, { maxLength: 12 }),
    fc.constantFrom('\r\n', '\n', '\r', ' '),
  )
  .map(([lines, end]) => lines.join(end));
const bytes = fc
  .uint8Array({ maxLength: 400 })
  .map((array) => Buffer.from(array));
const header = fc
  .string({ unit: fc.constantFrom(...'abc é😀:;,"<>\\'), maxLength: 120 })
  .map((text) => text.replace(/\s+/g, ' '));
const encoded = fc.oneof(
  bytes.map((content) => ({ content })),
  body.map((content) => ({ content })),
  bytes.map((content) => ({
    content: content.toString('base64'),
    encoding: 'base64',
  })),
  bytes.map((content) => ({
    content: content.toString('hex'),
    encoding: 'hex',
  })),
  bytes.map((content) => ({
    path: `data:image/png;base64,${content.toString('base64')}`,
  })),
  body.map((text) => ({
    raw: `Content-Type: text/plain\r\n\r\n${text}`,
  })),
);
const attachment = fc
  .tuple(
    encoded,
    fc.record(
      {
        filename: fc.oneof(
          fc.constant('photo.png'),
          fc.constant('naïve "file" ☃.txt'),
          fc.constant(false as const),
        ),
        contentType: fc.constantFrom(
          'image/png',
          'text/plain; charset=utf-8',
          'text/csv',
          'message/rfc822',
          'application/x-unknown',
          'multipart/mixed',
        ),
        contentTransferEncoding: fc.constantFrom(
          'quoted-printable',
          'base64',
          '7bit',
          '8bit',
          false as const,
        ),
        contentDisposition: fc.constantFrom('inline', 'attachment'),
        cid: fc.constantFrom('a@b', '<c@d>'),
        headers: fc.constant({ 'X-Part': 'é', 'Content-Language': 'de' }),
      },
      { requiredKeys: [] },
    ),
  )
  .map(([content, rest]) => ({ ...content, ...rest }));
const event = 'BEGIN:VCALENDAR\r\nSUMMARY:Prüfung\r\nEND:VCALENDAR\r\n';
const message = fc
  .record(
    {
      to: fc.constantFrom<MailMessage['to']>(
        'ann@example.com',
        ['"A, B" <a@example.com>', { name: 'Ünï', email: 'u@jõgeva.ee' }],
        { name: 'Team', group: ['a@x.example', { address: 'b@x.example' }] },
      ),
      cc: fc.constantFrom('c@example.com', 'undisclosed-recipients:;'),
      bcc: fc.constant('hidden@example.com'),
      replyTo: fc.constant({ name: 'Reply', address: 'r@example.com' }),
      sender: fc.constant('sender@example.com'),
      subject: header,
      text: fc.oneof(body, bytes),
      html: fc.oneof(
        body,
        bytes,
        body.map((content) => ({ content, encoding: 'utf-8' })),
      ),
      watchHtml: body,
      amp: body,
      icalEvent: fc.constantFrom<MailMessage['icalEvent']>(
        event,
        { method: 'request', content: event, filename: 'invite.ics' },
        { content: Buffer.from(event), headers: { 'X-Cal': 'yes' } },
        { content: Buffer.from(event).toString('base64'), encoding: 'base64' },
      ),
      attachments: fc.array(attachment, { maxLength: 3 }),
      alternatives: fc.array(attachment, { maxLength: 2 }),
      headers: fc.constantFrom<MailMessage['headers']>(
        { 'X-One': 'a', 'x-two': ['ü', 'b'] },
        [
          { key: 'X-One', value: 'x '.repeat(200) },
          { key: 'mime-version', value: '1.0' },
        ],
        { key: 'X-Single', value: 'one' },
        { 'X-Ready': { prepared: true, value: 'raw\r\n folded value' } },
        {
          'X-Fold': {
            prepared: true,
            foldLines: true,
            value: 'long words '.repeat(30),
          },
        },
        { To: [{ name: 'More', email: 'more@x.example' }], Date: 'now' },
      ),
      list: fc.constant<MailMessage['list']>({
        help: 'help@example.com?subject=help',
        unsubscribe: [
          { url: 'https://example.com/u', comment: 'Ünsubscribe' },
          ['https://a.example', 'b@example.com'],
        ],
        id: { url: 'list.example.com', comment: 'My "list"' },
      }),
      references: fc.constantFrom<MailMessage['references']>(
        '<a@b> c@d',
        ['<a@b>', 'c@d', '<e @ f>'],
        Array.from({ length: 40 }, (_, i) => `<${i}@example.com>`),
      ),
      inReplyTo: fc.constant('a@b'),
      priority: fc.constantFrom('high', 'low', 'normal'),
      xMailer: fc.constantFrom<MailMessage['xMailer']>('Mailer é', false),
      otp: fc.constant({ code: '123"456', origin: 'https://example.com/x' }),
      textEncoding: fc.constantFrom<MailMessage['textEncoding']>(
        'Q',
        'B',
        'base64',
      ),
      encoding: fc.constantFrom('base64', 'quoted-printable', '7bit'),
      boundaryPrefix: fc.constantFrom('--mine', 'odd"prefix'),
      date: fc.constantFrom<MailMessage['date']>(new Date(1e12), 'yesterday'),
      raw: fc.oneof(
        {
          weight: 1,
          arbitrary: body.map((b) => `From: a@b.example\r\n\r\n${b}`),
        },
        {
          weight: 1,
          arbitrary: bytes.map((b) =>
            Buffer.concat([Buffer.from('From: a@b.example\n\n'), b]),
          ),
        },
        { weight: 12, arbitrary: fc.constant(undefined) },
      ),
    },
    { requiredKeys: [] },
  )
  .map((fields) => plain(fields));

describe('serialize', () => {
  it('writes exactly the bytes of nodemailer’s own build', async () => {
    await fc.assert(
      fc.asyncProperty(message, async (data) => {
        const first = await compose(data);
        const second = await compose(data);

        const serialized = serialize(first, LIMITS);
        const expected = await second.build();

        if (serialized instanceof Promise) {
          throw new Error('took the stream path');
        }
        const { content } = serialized;
        if (content.kind !== 'bytes') throw new Error('is not in memory');
        expect(content.bytes.toString('latin1')).toBe(
          expected.toString('latin1'),
        );
      }),
      { numRuns: 500 },
    );
  }, 60_000);

  it.each(['', 'a', 'a\r', 'a\n', 'a\r\n', 'a\r\n\r\n', 'a \r'])(
    'ends a message that ends in %j as nodemailer does',
    async (end) => {
      const raw = `From: a@x.example\r\n\r\n${end}`;

      for (const fields of [
        { raw },
        { raw: Buffer.from(raw) },
        { text: end },
      ]) {
        const serialized = serialize(await compose(plain(fields)), LIMITS);
        const expected = await (await compose(plain(fields))).build();

        expect(serialized).toMatchObject({
          content: { kind: 'bytes', bytes: expected },
        });
      }
    },
  );

  it.each([1, 65_535, 65_536, 65_537, 200_000])(
    'breaks the lines of %i bytes where nodemailer does',
    async (length) => {
      const samples = ['x', 'ü', 'word ', ' ', '\r\n', 'line\n', '=', 'é \r'];

      for (const sample of samples) {
        const text = sample.repeat(length).slice(0, length);
        const attachments = [
          { content: Buffer.from(text) },
          { content: text, contentTransferEncoding: 'quoted-printable' },
        ];
        const data = plain({ text, attachments });
        const serialized = serialize(await compose(data), LIMITS);
        const expected = await (await compose(data)).build();

        if (serialized instanceof Promise) {
          throw new Error('took the stream path');
        }
        const { content } = serialized;
        if (content.kind !== 'bytes') throw new Error('is not in memory');
        expect(content.bytes.equals(expected)).toBe(true);
      }
    },
  );
});
