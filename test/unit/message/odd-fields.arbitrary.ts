import fc from 'fast-check';

import { headerText } from './common-mail.arbitrary.js';

const BREAKS = ['\r\n', '\n', '\r', '\0', '\r\nBcc: evil@x.example\r\n'];

const ODD_ADDRESSES = [
  'jürgen@x.example',
  'jürgen@bücher.example',
  'ada@jõgeva.ee',
  'ada@xn--jgeva-dua.ee',
  'ada@XN--JGEVA-DUA.EE',
  'ada@xn--a.example',
  'ada@ab--c.example',
  'a--b@x.example',
  'ada@localhost',
  'ada@x.example.',
  'ada@x..example',
  'ada@-x.example',
  'ada@x-.example',
  'ada@x_y.example',
  'ada@1.2.3.04',
  'ada@0x7f.1',
  'ada@a.0x7f',
  'ada@[127.0.0.1]',
  'ada@a\u00adb.example',
  'ada@ｘ.example',
  'ada@x。example',
  '"a..b"@x.example',
  '"a b"@x.example',
  '"a@evil.example"@x.example',
  'a@evil.example@x.example',
  'a..b@x.example',
  '.a@x.example',
  'a<b@x.example',
  'ada @ x . example',
  'ada@x.example>SIZE=1',
  'ada@',
  '@x.example',
  'root',
  `${'a'.repeat(64)}@x.example`,
  `${'a'.repeat(65)}@x.example`,
  `ada@${'b'.repeat(63)}.example`,
  `ada@${'b'.repeat(64)}.example`,
  `ada@${'b.'.repeat(120)}example`,
  `ada@${'b.'.repeat(130)}example`,
  'undisclosed-recipients:;',
  'Team: a@x.example, "B" <b@x.example>;',
  'a@x.example, root, ,;',
  '',
  ' ',
];

const oddAddress = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...ODD_ADDRESSES) },
  fc
    .tuple(headerText, fc.constantFrom(...BREAKS), headerText)
    .map((parts) => parts.join('')),
  headerText,
);
const oddAddresses: fc.Arbitrary<unknown> = fc.oneof(
  oddAddress,
  fc.record({ name: headerText, address: oddAddress }),
  fc.record({ email: oddAddress }),
  fc.record({
    name: fc.oneof(headerText, fc.constantFrom('two\r\nlines', 7, null)),
    address: fc.constant('ada@x.example'),
  }),
  fc.record({ name: fc.constant('Team'), group: fc.array(oddAddress) }),
  fc.array(oddAddress, { maxLength: 3 }),
  fc.array(fc.array(oddAddress, { maxLength: 2 }), { maxLength: 2 }),
  fc.constantFrom(false, 0, 7, null, {}, { name: 'None' }, [], [[]], [null]),
);
const oddText: fc.Arbitrary<unknown> = fc.oneof(
  fc
    .tuple(headerText, fc.constantFrom(...BREAKS), headerText)
    .map((parts) => parts.join('')),
  fc.constantFrom(null, false, true, 0, 7, '', [], ['a', 'b'], {}),
  fc.constantFrom({ prepared: true, value: 'raw\r\n fold' }, new Date(0)),
  fc.constantFrom({ prepared: true, value: 'raw\r\nBcc: evil@x.example' }),
  fc.constantFrom(Buffer.from('bytes'), { content: 'text' }, { path: '/x' }),
);
const reservedKey = fc.constantFrom(
  'X-Own',
  'From',
  'To',
  'to ',
  'BCC',
  'Reply-To',
  'Subject',
  'Message-Id',
  'Date',
  'Content-Type',
  'Content-Transfer-Encoding',
  'Content-Language',
  'MIME-Version',
  'X-Priority',
  'X-MSMail-Priority',
  'Importance',
  'X-SMTPAPI',
  'x-smtpapi ',
  'key',
  'value',
  'prepared',
  '__proto__',
  'toString',
  ':',
);
const oddHeaders: fc.Arbitrary<unknown> = fc.oneof(
  fc.dictionary(reservedKey, fc.oneof(headerText, oddText), { maxKeys: 3 }),
  fc.array(fc.record({ key: reservedKey, value: headerText }), {
    maxLength: 2,
  }),
  fc.constantFrom(null, false, 7, 'X-One: 1'),
);

/** Fields that hardly a message has, or with values that few have. */
export const oddFields = fc
  .record(
    {
      from: oddAddresses,
      sender: oddAddresses,
      to: oddAddresses,
      cc: oddAddresses,
      bcc: oddAddresses,
      replyTo: oddAddresses,
      subject: oddText,
      text: oddText,
      html: oddText,
      // Without one a random one is made.
      messageId: oddText.filter(Boolean),
      inReplyTo: oddText,
      references: oddText,
      date: oddText,
      priority: oddText,
      headers: oddHeaders,
      baseBoundary: fc.constantFrom('x'.repeat(70), 'a "quote', 'a\r\nbreak'),
      envelope: fc.constantFrom({ from: 'a@x.example', to: 'b@x.example' }, 7),
      attachments: fc.constantFrom([{ content: 'x' }], [{ path: '/x' }]),
      encoding: fc.constant('base64'),
      textEncoding: fc.constant('B'),
      xMailer: fc.constant('Mailer'),
      maxRecipients: fc.constant(1),
      attachDataUrls: fc.constant(true),
      signal: fc.constant('none'),
      unknownField: fc.constant('value'),
    },
    { requiredKeys: [] },
  )
  .chain((fields) => {
    const names = Object.entries(fields);
    return fc
      .subarray(names, { maxLength: 2 })
      .map((some): Record<string, unknown> => Object.fromEntries(some));
  });
