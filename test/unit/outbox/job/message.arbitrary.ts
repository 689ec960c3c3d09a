import fc from 'fast-check';

import type {
  MailAddress,
  MailAttachment,
  MailHeaderValue,
  MailMessage,
} from '../../../../lib/message/mail-message.js';

/** Names and texts that look like what the codec itself writes. */
const LOOKALIKES = [
  '$',
  '$$',
  '$buffer',
  '$bytes',
  '$date',
  '$undefined',
  '$$buffer',
  '$$$date',
  '{"$buffer":"aGk="}',
  'constructor',
  'toString',
  'then',
  'toJSON',
  '0',
  'pipe-',
];

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(
    ...LOOKALIKES,
    '',
    '\0',
    'lone \ud83d surrogate',
    'line\u2028separator',
    'ключ 🔑\r\n',
    'data:text/plain,x',
  ),
);
const name = fc.oneof(
  fc.constantFrom(...LOOKALIKES, 'X-One', 'To', 'Reply-To', 'key', 'value'),
  fc
    .string({ unit: 'binary', minLength: 1, maxLength: 8 })
    .filter((one) => one !== '__proto__'),
);
// JSON has no -0, and nothing that is sent tells it from 0.
const number = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((one) => one + 0),
);
const date = fc.date({ noInvalidDate: true });
const buffer = fc.uint8Array({ maxLength: 40 }).map((it) => Buffer.from(it));
const bytes = fc.oneof(buffer, fc.uint8Array({ maxLength: 40 }));

const { data } = fc.letrec((tie) => ({
  data: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    text,
    number,
    fc.constantFrom(null, true, false),
    date,
    bytes,
    fc.array(fc.oneof(tie('data'), fc.constant(undefined)), { maxLength: 3 }),
    record(tie('data')),
  ),
}));

/** An object by free names, which some promises and streams are told by. */
function record<T>(value: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> {
  return fc
    .dictionary(name, value, { maxKeys: 4, noNullPrototype: true })
    .filter((it) => typeof it['then'] !== 'function');
}

function optional<T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) {
  return fc.record(fields, { requiredKeys: [] });
}

const { address } = fc.letrec<{ address: MailAddress }>((tie) => ({
  address: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    text,
    fc.record({ name: text, address: text }, { requiredKeys: ['address'] }),
    fc.record({ name: text, email: text }, { requiredKeys: ['email'] }),
    fc.record({
      name: text,
      group: fc.array(tie('address'), { maxLength: 3 }),
    }),
    fc.array(tie('address'), { maxLength: 3 }),
  ),
}));

const prepared = fc.record(
  { value: text, prepared: fc.boolean(), foldLines: fc.boolean() },
  { requiredKeys: ['value'] },
);
const { headerValue } = fc.letrec<{ headerValue: MailHeaderValue }>((tie) => ({
  headerValue: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    text,
    number,
    fc.boolean(),
    date,
    prepared,
    fc.record({ name: text, address: text }),
    fc.record({ name: text, group: fc.array(address, { maxLength: 2 }) }),
    fc.constantFrom(null, undefined),
    fc.array(tie('headerValue'), { maxLength: 3 }),
  ),
}));
const header = fc.record({ key: text, value: headerValue });
const headers = fc.oneof(
  record(headerValue),
  header,
  fc.array(header, { maxLength: 3 }),
);

const content = fc.oneof(text, bytes.map(asBuffer));
const part = optional({
  content,
  raw: content,
  path: fc.constantFrom('data:text/plain,x', '', false as const),
  href: fc.constantFrom('data:;base64,aGk=', false as const),
  headers,
  encoding: text,
  contentType: text,
  contentTransferEncoding: fc.oneof(text, fc.constant(false as const)),
  contentDisposition: text,
  filename: fc.oneof(text, fc.constant(false as const)),
  cid: text,
  method: text,
});
const textField = fc.oneof(content, part);
const listEntry = fc.oneof(
  text,
  fc.record({ url: text, comment: text }, { requiredKeys: ['url'] }),
);
const listValue = fc.oneof(
  listEntry,
  fc.array(fc.oneof(listEntry, fc.array(listEntry, { maxLength: 2 })), {
    maxLength: 2,
  }),
);

function field<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null | undefined> {
  return fc.oneof(
    { weight: 6, arbitrary: value },
    { weight: 1, arbitrary: fc.constantFrom(null, undefined) },
  );
}

const headerText = fc.oneof(text, prepared) as fc.Arbitrary<string>;

/** Messages with every field there is, in every form that is stored. */
export const storableMail: fc.Arbitrary<MailMessage & { sendgrid?: unknown }> =
  optional({
    from: field(address),
    sender: field(address),
    to: field(address),
    cc: field(address),
    bcc: field(address),
    replyTo: field(address),
    envelope: field(
      optional({ from: address, to: address, cc: address, bcc: address }),
    ),
    subject: field(headerText),
    messageId: field(text),
    inReplyTo: field(headerText),
    references: field(fc.oneof(text, fc.array(text, { maxLength: 3 }))),
    date: field(fc.oneof(date, text)),
    xMailer: field(fc.oneof(text, fc.constant(false as const))),
    headers: field(headers),
    list: field(record(listValue)),
    otp: field(fc.record({ code: text, origin: text })),
    sendgrid: field(record(data)),
    text: field(textField),
    html: field(textField),
    watchHtml: field(textField),
    amp: field(textField),
    icalEvent: field(textField),
    attachments: field(
      fc.array(part as fc.Arbitrary<MailAttachment>, { maxLength: 3 }),
    ),
    alternatives: field(fc.array(part, { maxLength: 2 })),
    raw: field(content),
    attachDataUrls: field(fc.boolean()),
    encoding: field(text),
    textEncoding: field(fc.constantFrom('Q' as const, 'B' as const)),
    newline: field(text),
    priority: field(text),
    boundaryPrefix: field(text),
    baseBoundary: field(text),
    maxRecipients: field(fc.nat()),
    dkim: fc.constantFrom(null, undefined),
  });

// The type of content knows Buffers only, callers give other bytes too.
function asBuffer(it: Uint8Array): Buffer {
  return it as Buffer;
}
