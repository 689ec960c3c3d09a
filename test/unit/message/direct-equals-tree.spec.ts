import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  composeDirectly,
  type ComposedMail,
} from '../../../lib/message/compose-directly.js';
import { bodyOf } from '../../../lib/delivery/body.js';
import { envelopeOf } from '../../../lib/message/envelope.js';
import { encodeMessageId } from '../../../lib/message/header-encoder.js';
import type { MailMessage } from '../../../lib/message/mail-message.js';
import { mergeDefaults } from '../../../lib/message/merge-defaults.js';
import { asInvalidMessage } from '../../../lib/message/invalid-message.js';
import { serialize } from '../../../lib/message/serialize.js';
import {
  NO_SMTP_API,
  smtpApiHeader,
} from '../../../lib/message/x-smtpapi/smtp-api-header.js';
import { encodeBody } from '../../../lib/smtp/body-encoder.js';
import type { Content } from '../../../lib/smtp/content.js';
import type { Envelope } from '../../../lib/smtp/envelope.js';
import { commonMail } from './common-mail.arbitrary.js';
import { LIMITS, compose } from './compose.js';
import { oddFields } from './odd-fields.arbitrary.js';
import { smtpApiValue, unfold } from './x-smtpapi/unfold.js';
import { xSmtpApi } from './x-smtpapi/x-smtp-api.arbitrary.js';

type BytesContent = Extract<Content, { kind: 'bytes' }>;

type Result =
  | { messageId: string; sender: string; envelope: Envelope; bytes: string }
  | { refused: string };

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
console.info(`seed ${SEED} (set SEED to repeat)`);

async function overTheTree(
  message: MailMessage,
  maxMessageBytes = LIMITS.maxMessageBytes,
  smtpApi = NO_SMTP_API,
): Promise<Result> {
  try {
    const tree = await compose(message);
    const messageId = encodeMessageId(tree.messageId());
    const envelope = envelopeOf(tree);
    const limits = { ...LIMITS, maxMessageBytes };
    const { content, sender = 'nobody' } = await serialize(
      tree,
      limits,
      smtpApi.text,
    );
    return result({ messageId, sender, envelope, content });
  } catch (error) {
    return { refused: asInvalidMessage(error).message };
  }
}

function directly(
  message: MailMessage,
  maxMessageBytes = LIMITS.maxMessageBytes,
  smtpApi = NO_SMTP_API,
): Result | undefined {
  try {
    const data = mergeDefaults({}, message);
    const mail = composeDirectly(data, { maxMessageBytes }, smtpApi);
    return mail && result(mail);
  } catch (error) {
    return { refused: asInvalidMessage(error).message };
  }
}

function result(mail: ComposedMail): Result {
  const { messageId, sender, envelope, content } = mail;
  if (content.kind !== 'bytes') throw new Error('is not in memory');
  return {
    messageId,
    sender,
    envelope,
    bytes: onTheWire(content),
  };
}

// Line ends become CRLF on the way to the relay, at the latest.
function onTheWire(content: BytesContent): string {
  const { wire, ...encoded } = encodeBody(content.bytes);
  const body = bodyOf(content);
  expect(body).toMatchObject(encoded);
  expect(body.kind === 'bytes' && body.wire.equals(wire)).toBe(true);
  return wire.toString('latin1');
}

describe('composeDirectly', () => {
  it('writes common messages byte for byte as the tree does', async () => {
    await fc.assert(
      fc.asyncProperty(commonMail, async (message) => {
        const direct = directly(message);

        expect(direct).toHaveProperty('bytes');
        expect(direct).toEqual(await overTheTree(message));
      }),
      { numRuns: 1500, seed: SEED },
    );
  }, 120_000);

  it('writes an X-SMTPAPI header in front, as the tree does', async () => {
    const { maxMessageBytes } = LIMITS;

    await fc.assert(
      fc.asyncProperty(commonMail, xSmtpApi, async (message, api) => {
        const header = smtpApiHeader(false, api);
        const direct = directly(message, maxMessageBytes, header);

        expect(direct).toEqual(
          await overTheTree(message, maxMessageBytes, header),
        );
        expect(unfold(smtpApiValue(bytesOf(direct)))).toEqual(api);
        expect(bytesOf(direct)).toBe(header.text + bytesOf(directly(message)));
      }),
      { numRuns: 300, seed: SEED },
    );
  }, 120_000);

  it('writes and refuses what the tree does, or leaves it to the tree', async () => {
    const seen = { written: 0, refused: 0, left: 0 };

    await fc.assert(
      fc.asyncProperty(commonMail, oddFields, async (common, odd) => {
        const message: MailMessage = { ...common, ...odd };
        const direct = directly(message);
        if (direct === undefined) {
          seen.left += 1;
          return;
        }
        seen['refused' in direct ? 'refused' : 'written'] += 1;

        expect(direct).toEqual(await overTheTree(message));
      }),
      { numRuns: 2500, seed: SEED },
    );

    // Else the property above would hold of little.
    expect(seen.written).toBeGreaterThan(300);
    expect(seen.refused).toBeGreaterThan(30);
  }, 120_000);
});

describe('composeDirectly at the bounds', () => {
  const message: MailMessage = {
    from: 'shop@shop.example',
    to: 'ada@example.com',
    text: 'Hello',
    messageId: '<1@shop.example>',
    baseBoundary: 'boundary',
    date: new Date(0),
  };

  it.each([
    ['text', { text: 'word '.repeat(40_000) }],
    ['text without blanks', { text: 'x'.repeat(200_000) }],
    [
      'text and html',
      { text: 'ключ\r\n'.repeat(20_000), html: 'a é\n'.repeat(30_000) },
    ],
    [
      'many recipients',
      {
        to: Array.from(
          { length: 5000 },
          (_, n) => `"C, ${n}" <c${n % 4000}@x.example>`,
        ),
      },
    ],
    [
      'recipients in one string',
      {
        bcc: Array.from({ length: 500 }, (_, n) => `c${n}@x.example`).join(','),
      },
    ],
  ])('writes large content as the tree does: %s', async (_label, fields) => {
    const direct = directly({ ...message, ...fields });

    expect(direct).toHaveProperty('bytes');
    expect(direct).toEqual(await overTheTree({ ...message, ...fields }));
  });

  it('writes an ordinary message as it goes over the wire', () => {
    const mail = composeDirectly(mergeDefaults({}, message), LIMITS);

    expect(mail?.content).toHaveProperty('isWire', true);
  });

  it('refuses what is too large as the tree does', async () => {
    const size = Buffer.byteLength(bytesOf(directly(message)), 'latin1');

    expect(directly(message, size)).toEqual(await overTheTree(message, size));
    expect(directly(message, size - 1)).toEqual(
      await overTheTree(message, size - 1),
    );
    expect(directly(message, size - 1)).toHaveProperty('refused');
  });

  it('counts the X-SMTPAPI header to the size, as the tree does', async () => {
    const header = smtpApiHeader(true);
    const size = header.text.length + bytesOf(directly(message)).length;

    expect(directly(message, size, header)).toHaveProperty('bytes');
    expect(directly(message, size - 1, header)).toHaveProperty('refused');
    expect(directly(message, size - 1, header)).toEqual(
      await overTheTree(message, size - 1, header),
    );
  });

  it.each<[string, MailMessage]>([
    ['Content-Type', { headers: { 'content-type': 'text/html' } }],
    ['Content-Language', { headers: { 'Content-Language': 'de' } }],
    ['MIME-Version', { headers: { 'mime-version': '2.0' } }],
    ['Importance', { headers: { importance: 'low' }, priority: 'high' }],
    ['X-Priority', { headers: { 'X-Priority': '5' }, priority: 'high' }],
    ['Subject', { headers: { 'Subject ': 'Other' } }],
    ['Reply-To', { headers: { 'reply-to': 'a@x.example' } }],
    ['Date', { headers: { Date: 'now' } }],
    ['a list of headers', { headers: [{ key: 'X-One', value: '1' }] }],
    ['a header with several values', { headers: { 'X-One': ['1', '2'] } }],
    ['a group', { to: 'Team: a@x.example;' }],
    ['an international domain', { to: 'ada@jõgeva.ee' }],
    ['an A-label', { to: 'ada@xn--jgeva-dua.ee' }],
    ['an attachment', { attachments: [{ content: 'data' }] }],
    ['a Buffer', { text: Buffer.from('text') }],
    ['a part', { html: { content: 'text' } }],
    ['an encoding', { encoding: 'base64' }],
    ['an unknown field', { unknown: undefined, other: 1 } as MailMessage],
  ])('leaves %s to the tree', (_label, fields) => {
    expect(directly({ ...message, ...fields })).toBeUndefined();
  });

  it('leaves headers of the form `{ key, value }` to the tree', () => {
    const headers = { key: 'X-One', value: '1' };
    const data = { from: 'a@x.example', to: 'b@x.example', headers };

    expect(composeDirectly(data, LIMITS)).toBeUndefined();
  });

  it('leaves more recipients than it takes to the tree', () => {
    const to = Array.from({ length: 10_001 }, (_, n) => `c${n}@x.example`);

    expect(directly({ ...message, to })).toBeUndefined();
  });

  it('dates a message that has no date', () => {
    const before = Math.floor(Date.now() / 1000) * 1000;
    const bytes = bytesOf(directly({ ...message, date: null }));
    const date = /^Date: (.+ \+0000)\r$/m.exec(bytes)?.[1];

    expect(Date.parse(date ?? '')).toBeGreaterThanOrEqual(before);
    expect(Date.parse(date ?? '')).toBeLessThanOrEqual(Date.now());
  });
});

function bytesOf(composed: Result | undefined): string {
  if (composed === undefined || 'refused' in composed) {
    throw new Error('was not composed');
  }
  return composed.bytes;
}
