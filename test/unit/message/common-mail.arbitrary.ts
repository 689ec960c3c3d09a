import fc from 'fast-check';

import type { MailMessage } from '../../../lib/message/mail-message.js';

const word = fc.string({ unit: 'grapheme', maxLength: 20 });
const line = fc.oneof(
  word,
  fc.constantFrom(
    '',
    '.',
    '..',
    '.leading dot',
    'From me',
    'ends with blanks  ',
    'tab\t',
    '=3D=\t= ',
    '12345 '.repeat(30),
    'x'.repeat(76),
    'x'.repeat(77),
    'y'.repeat(1200),
    'ключ 🔑 '.repeat(40),
    'naïve text with few accents '.repeat(5),
    'lone \ud83d surrogate',
    'control \x07 and \x7f',
    'no-break\u00a0space, line\u2028separator',
  ),
);

const body = fc
  .tuple(
    fc.array(line, { maxLength: 8 }),
    fc.constantFrom('\r\n', '\n', '\r', ' '),
  )
  .map(([lines, end]) => lines.join(end));

/** Header text: plain, to be encoded, to be folded, blank. */
export const headerText = fc.oneof(
  word,
  fc.string({
    unit: fc.constantFrom(...'abc é😀:;,"<>\\=?_\t\x07\x7f'),
    maxLength: 120,
  }),
  fc.constantFrom(
    '',
    ' ',
    '\t',
    'two words',
    'word '.repeat(40),
    `${'long'.repeat(60)} end`,
    '=?utf-8?Q?done?=',
    'see =?utf-8?Q?a b?= here',
    '=?utf-8?X?x?=',
    'Größe und Maße '.repeat(12),
  ),
);

const local = fc
  .array(fc.string({ unit: fc.constantFrom(...'abZ09+_!-'), minLength: 1 }), {
    minLength: 1,
    maxLength: 3,
  })
  .map((atoms) => atoms.join('.').replace(/-+/g, '-'));
const label = fc
  .string({ unit: fc.constantFrom(...'abxnZ019'), minLength: 1, maxLength: 8 })
  .chain((edge) => fc.constantFrom(edge, `${edge}-${edge}`));
const address = fc.oneof(
  fc.nat(6).map((n) => `customer-${n}@${n % 2 === 0 ? 'x' : 'X'}.example`),
  fc
    .tuple(local, label, fc.constantFrom('example', 'COM', 'xn', 'a'))
    .map(([user, host, top]) => `${user}@${host}.${top}`),
);
const name = fc.oneof(
  headerText,
  fc.constantFrom('Ada Lovelace', 'Lovelace, Ada', "O'Neil", 'Ünï', '=?x?='),
);
const inText = fc.oneof(
  address,
  address.map((bare) => ` <${bare}> `),
  fc.tuple(name, address).map(([who, at]) => `${JSON.stringify(who)} <${at}>`),
  fc.tuple(address, address).map((two) => two.join(', ')),
  fc.tuple(address, address).map(([one, two]) => `"A, B" <${one}> ; ${two}`),
  address.map((bare) => `Ada Lovelace <${bare}>`),
  address.map((bare) => `${bare} (Ada)`),
);
const asObject = fc.oneof(
  fc.record({ address, name }, { requiredKeys: ['address'] }),
  fc.record({ email: address, name }, { requiredKeys: ['email'] }),
);
const oneOrMore = fc.oneof(
  inText,
  asObject,
  fc.array(fc.oneof(inText, asObject), { minLength: 1, maxLength: 5 }),
);

const id = fc.constantFrom(
  '<1@shop.example>',
  '1@shop.example',
  '<ü@shop.example>',
  '<1@shop.example> <2@shop.example>',
  `<${'long'.repeat(30)}@shop.example>`,
  '<tab\t@shop.example>',
  '<bell\x07@shop.example>',
  ' ',
);
const headerKey = fc.constantFrom(
  'X-One',
  'x-two',
  'X-Entity-Ref-ID',
  'list-unsubscribe',
  'List-Unsubscribe-Post',
  'Auto-Submitted',
  'Feedback-ID',
  'dkim-signature',
  'X-Spaced :Name',
);

/** Messages of the kind that most are: all of them are composed directly. */
export const commonMail: fc.Arbitrary<MailMessage> = fc
  .record(
    {
      from: oneOrMore,
      sender: oneOrMore,
      to: oneOrMore,
      cc: oneOrMore,
      bcc: oneOrMore,
      replyTo: oneOrMore,
      subject: headerText,
      text: body,
      html: body,
      headers: fc.dictionary(headerKey, headerText, { maxKeys: 4 }),
      messageId: id,
      inReplyTo: id,
      references: fc.oneof(id, fc.array(id, { maxLength: 12 })),
      date: fc.constantFrom<MailMessage['date']>(
        new Date(1e12),
        new Date(Number.NaN),
        'yesterday',
        'é',
        ' ',
      ),
      priority: fc.constantFrom('high', 'low', 'normal'),
      baseBoundary: fc.constantFrom('short', 'x'.repeat(50)),
    },
    { requiredKeys: [] },
  )
  .map((fields) => ({
    from: 'Shop <hello@shop.example>',
    to: 'ada@example.com',
    date: new Date(0),
    messageId: '<1@shop.example>',
    baseBoundary: 'boundary',
    ...fields,
  }));
