import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { isMailError } from '../../../lib/errors/mail-error.js';
import { admitMessage } from '../../../lib/message/admit-message.js';
import type { MailMessage } from '../../../lib/message/mail-message.js';
import { serialize } from '../../../lib/message/serialize.js';
import { LIMITS, compose, plain } from './compose.js';

const FIELDS = [
  'from',
  'sender',
  'to',
  'cc',
  'bcc',
  'replyTo',
  'envelope',
  'subject',
  'messageId',
  'inReplyTo',
  'references',
  'date',
  'xMailer',
  'headers',
  'text',
  'html',
  'watchHtml',
  'amp',
  'icalEvent',
  'attachments',
  'alternatives',
  'raw',
  'list',
  'priority',
  'otp',
  'normalizeHeaderKey',
];
const key = fc.constantFrom(
  'key',
  'value',
  'prepared',
  'name',
  'address',
  'email',
  'group',
  'content',
  'path',
  'href',
  'headers',
  'raw',
  'from',
  'to',
  'To',
  'X-SMTPAPI',
  'x-smtpapi ',
  'Bcc',
  '__proto__',
  'toString',
  'contentType',
  'filename',
);
const text = fc
  .array(
    fc.constantFrom(
      'a@x.example',
      '\r\n',
      '\n',
      '\r',
      '\0',
      ' ',
      'Bcc: evil@z.com',
      'X-SMTPAPI: {}',
      '"',
      '<',
      '>',
      ',',
      ';',
      ':',
      '(',
      '\\',
      'é',
      'text',
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''));
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    text,
    fc.constantFrom(
      undefined,
      null,
      true,
      false,
      0,
      1,
      Number.NaN,
      new Date(0),
    ),
    text.map((content) => Buffer.from(content)),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4 }),
  ),
}));
const data = fc.dictionary(fc.constantFrom(...FIELDS), value, { maxKeys: 4 });

describe('any data', () => {
  it('is admitted, or refused with a MailError', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          data,
          fc.dictionary(fc.constantFrom(...FIELDS), fc.anything()),
        ),
        (fields) => {
          let error: unknown;
          try {
            admitMessage({ ...fields });
          } catch (thrown) {
            error = thrown;
          }

          expect(error === undefined || isMailError(error)).toBe(true);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('never brings a forbidden header into the mail', async () => {
    let written = 0;

    await fc.assert(
      fc.asyncProperty(data, async (fields) => {
        const bytes = await write(fields).catch(() => Buffer.alloc(0));
        const onTheWire = bytes
          .toString('latin1')
          .replace(/\r\n|\r|\n/g, '\r\n');
        const head = `\r\n${onTheWire}`.split('\r\n\r\n')[0];

        if (bytes.length > 0) written += 1;
        expect(head).not.toMatch(/\r\n(bcc|x-smtpapi)|\0/i);
      }),
      { numRuns: 1500 },
    );

    // Else the property above would hold of nothing.
    expect(written).toBeGreaterThan(150);
  });
});

async function write(fields: MailMessage): Promise<Buffer> {
  const { content } = await serialize(await compose(plain(fields)), LIMITS);
  return content.kind === 'bytes' ? content.bytes : Buffer.alloc(0);
}
