import type { MailMessage } from 'nestjs-sendgrid-smtp';

/** What arrives: the RCPT commands, and the To header on one line. */
interface Arrival {
  readonly rcpt: readonly string[];
  readonly header: string;
}

/** A value of `to`, and what arrives of it, or the words that it is refused with. */
type Row = readonly [
  label: string,
  to: NonNullable<MailMessage['to']>,
  outcome: Arrival | RegExp,
];

const A = 'a@x.example';
const B = 'b@y.example';
const NOT_PLAIN = /"to"|is not a plain address/;
const NO_DOMAIN = /has no valid domain/;
const IP = /has an IP address for a domain/;
const NO_UTF8 = /non-ASCII characters before the @.*offers no SMTPUTF8/;
const NO_ADDRESS = /`to` holds no email address/;
const NO_RECIPIENT = /no recipient/;
const BREAK = /`to` holds a line break or NUL/;

const to = (header: string, ...rcpt: string[]): Arrival => ({ rcpt, header });
const plain = to(A, A);

const GROUPS: readonly Row[] = [
  ['a group', `Team: ${A}, ${B};`, to(`Team:${A}, ${B};`, A, B)],
  [
    'a group that is not closed',
    `Team: ${A}, ${B}`,
    to(`Team:${A}, ${B};`, A, B),
  ],
  ['an empty group', 'undisclosed-recipients:;', NO_RECIPIENT],
  [
    'an empty group that is not closed',
    'undisclosed-recipients:',
    NO_RECIPIENT,
  ],
  ['an empty group and an address', `none:;, ${A}`, to(`none:;, ${A}`, A)],
  [
    'a group in a group, whose end is that of both',
    `G: ${A}, H: ${B};, c@z.example;`,
    to(`G:${A}, ${B};, c@z.example`, A, B, 'c@z.example'),
  ],
  ['colons only', ':::;', NO_RECIPIENT],
  ['what a link holds', `mailto:${A}`, to(`mailto:${A};`, A)],
  ['a group of a quoted name', `"T: e;a,m": ${A};`, to(`"T: e;a,m":${A};`, A)],
  [
    'a group whose name is an address',
    { name: 'evil@z.example', group: [A] },
    to(`"evil@z.example":${A};`, A),
  ],
  [
    'a group whose name ends it',
    { name: '";evil@z.example,"', group: [A] },
    to(`"\\";evil@z.example,\\"":${A};`, A),
  ],
  [
    'a group whose name has line breaks',
    { name: 'T\r\nBcc: evil@z.example', group: [A] },
    to(`"T Bcc: evil@z.example":${A};`, A),
  ],
];

const QUOTED: readonly Row[] = [
  ['a quoted local part that needs none', '"a"@x.example', plain],
  [
    'a quoted local part with dots',
    '"a..b"@x.example',
    to('<"a..b"@x.example>', '"a..b"@x.example'),
  ],
  [
    'dots that need quotes',
    'a..b@x.example',
    to('<"a..b"@x.example>', '"a..b"@x.example'),
  ],
  ['a blank in quotes', '"a b"@x.example', NOT_PLAIN],
  ['an address in quotes', '"evil@z.example"@x.example', NOT_PLAIN],
  ['an address and more in quotes', '"evil@z.example a"@x.example', NOT_PLAIN],
  [
    'an address in quotes and brackets',
    '<"evil@z.example"@x.example>',
    NOT_PLAIN,
  ],
  ['a bracket in quotes', '"evil@z.example>"@x.example', NOT_PLAIN],
  ['a comma in quotes', '"evil@z.example,"@x.example', NOT_PLAIN],
  ['an escaped quote', '"a\\"b"@x.example', NOT_PLAIN],
  ['an escaped @', 'evil\\@z.example@x.example', NOT_PLAIN],
  ['apostrophes, which quote nothing', "'evil@z.example'@x.example", NOT_PLAIN],
  ['a quote that is not closed', `"${A}`, plain],
  [
    'a quoted local part as an object',
    { address: '"evil@z.example"@x.example' },
    NOT_PLAIN,
  ],
];

const COMMENTS: readonly Row[] = [
  ['a comment before', `(c)${A}`, to(`c <${A}>`, A)],
  ['a comment after', `${A} (c)`, to(`c <${A}>`, A)],
  ['a comment in the local part', 'a(c)@x.example', to(`c <${A}>`, A)],
  ['a comment before the domain', 'a@(c)x.example', to(`c <${A}>`, A)],
  ['a comment in the domain', 'a@x.(c)example', to(`c <${A}>`, A)],
  ['a comment within brackets', `<${A}(c)>`, to(`c <${A}>`, A)],
  [
    'an address in a comment',
    `${A} (evil@z.example)`,
    to(`"evil@z.example" <${A}>`, A),
  ],
  [
    'brackets in a comment',
    `(<evil@z.example>) ${A}`,
    to(`"<evil@z.example>" <${A}>`, A),
  ],
  [
    'a comment in a comment',
    `${A} (a (evil@z.example) b)`,
    to(`"a (evil@z.example) b" <${A}>`, A),
  ],
  ['a comment only', '(evil@z.example)', NO_RECIPIENT],
  [
    'a comment that is not closed',
    `${A} (evil@z.example, ${B}`,
    to(`"evil@z.example, ${B}" <${A}>`, A),
  ],
];

const NAMES: readonly Row[] = [
  [
    'a name that is an address',
    `"evil@z.example" <${A}>`,
    to(`"evil@z.example" <${A}>`, A),
  ],
  [
    'such a name without quotes',
    `evil@z.example <${A}>`,
    to(`"evil@z.example" <${A}>`, A),
  ],
  [
    'such a name next to the bracket',
    `"evil@z.example"<${A}>`,
    to(`"evil@z.example" <${A}>`, A),
  ],
  ['two addresses in brackets', `<${A}> <${B}>`, to(`"${B}" <${A}>`, A)],
  ['two addresses and no comma', `${A} ${B}`, to(`"${B}" <${A}>`, A)],
  ['a name with a comma', `Doe, Ada <${A}>`, to(`"Doe, Ada" <${A}>`, A)],
  [
    'a name with a comma in quotes',
    `"Doe, Ada" <${A}>, ${B}`,
    to(`"Doe, Ada" <${A}>, ${B}`, A, B),
  ],
  [
    'an encoded word that is an address',
    `=?utf-8?q?evil=40z.example?= <${A}>`,
    to(`"=?utf-8?q?evil=40z.example?=" <${A}>`, A),
  ],
  [
    'an encoded word that is a line break',
    `=?utf-8?q?=0D=0ABcc:_evil=40z.example?= <${A}>`,
    to(`"=?utf-8?q?=0D=0ABcc":"_evil=40z.example?=" <${A}>;`, A),
  ],
  ['an encoded word and no address', '=?utf-8?q?a=40x.example?=', NO_ADDRESS],
  [
    'a name that ends its quotes',
    { name: '" <evil@z.example>, "', address: A },
    to(`"\\" <evil@z.example>, \\"" <${A}>`, A),
  ],
  [
    'a name that ends with a backslash',
    { name: 'Ada\\', address: A },
    to(`"Ada\\\\" <${A}>`, A),
  ],
  [
    'a name with line breaks',
    { name: 'Ada\r\nBcc: evil@z.example\r\n\r\n', address: A },
    to(`"Ada Bcc: evil@z.example " <${A}>`, A),
  ],
  ['a name with NUL', { name: 'A\0da', address: A }, to(`A da <${A}>`, A)],
  [
    'a name from right to left',
    { name: '\u202eelpmaxe', address: A },
    to(`=?UTF-8?Q?=E2=80=AEelpmaxe?= <${A}>`, A),
  ],
];

const PLACES: readonly Row[] = [
  ['CRLF and a header', `${A}\r\nBcc: ${B}`, BREAK],
  ['CR', `\r${A}`, BREAK],
  ['LF', `a@x.\nexample`, BREAK],
  ['NUL', `a\0@x.example`, BREAK],
  ['LF at the end', `${A}\n`, BREAK],
  ['LF in a name', `Ada\nX <${A}>`, BREAK],
  ['LF in the name of a group', `G\n: ${A};`, BREAK],
  ['LF in a comment', `${A} (\n)`, BREAK],
  ['LF in an object', { address: `${A}\nRCPT TO:<${B}>` }, BREAK],
  ['LF in a member of a group', { name: 'G', group: [`${A}\n`] }, BREAK],
  ['LF in a list', [A, `${B}\n`], BREAK],
  [
    'another control character in an object',
    { address: 'a\u0001@x.example' },
    NOT_PLAIN,
  ],
  ['other control characters around', '\u0001a@x.example\u007f', plain],
];

const SHAPES: readonly Row[] = [
  [
    '64 octets before the @',
    `${'a'.repeat(64)}@x.example`,
    to(`${'a'.repeat(64)}@x.example`, `${'a'.repeat(64)}@x.example`),
  ],
  [
    '65 octets before the @',
    `${'a'.repeat(65)}@x.example`,
    /more than 64 octets/,
  ],
  ['a label of 64 octets', `a@${'b'.repeat(64)}.example`, NO_DOMAIN],
  ['255 octets', `a@${'b.'.repeat(123)}example`, /longer than 254 octets/],
  [
    'a megabyte',
    `${'a'.repeat(1_000_000)}@x.example`,
    /longer than 254 octets/,
  ],
  ['a dot at the end', `${A}.`, NO_DOMAIN],
  [
    'a dot at the start',
    '.a@x.example',
    to('<".a"@x.example>', '".a"@x.example'),
  ],
  ['an IP address', 'a@[192.0.2.1]', IP],
  ['an IPv6 address', 'a@[IPv6:2001:db8::1]', IP],
  ['an @ in a literal', 'a@[x@z.example]', NOT_PLAIN],
  ['an IP address without brackets', 'a@192.0.2.1', IP],
  ['an IP address as one number', 'a@3221225985', IP],
  [
    'a percent',
    'evil%z.example@x.example',
    to('evil%z.example@x.example', 'evil%z.example@x.example'),
  ],
  [
    'a bang',
    'z.example!evil@x.example',
    to('z.example!evil@x.example', 'z.example!evil@x.example'),
  ],
  ['a source route', '<@z.example,@y.example:a@x.example>', plain],
  [
    'a source route without brackets',
    '@z.example,@y.example:a@x.example',
    NOT_PLAIN,
  ],
  [
    'a dash at the start',
    '-oQ@x.example',
    to('-oQ@x.example', '-oQ@x.example'),
  ],
  ['two @', 'a@@x.example', NOT_PLAIN],
  ['an address for a local part', 'evil@z.example@x.example', NOT_PLAIN],
  ['nothing before the @', '@x.example', NOT_PLAIN],
  ['nothing behind the @', 'a@', /no local part or no domain|valid domain/],
  ['@ only', '@', /no recipient|plain address|no domain/],
  ['words', 'Ada', NO_ADDRESS],
  ['parameters', `${A}>SIZE=1`, NO_DOMAIN],
  ['parameters behind the bracket', `<${A}> SIZE=1`, to(`"SIZE=1" <${A}>`, A)],
  ['a query', `${A}?bcc=evil`, NO_DOMAIN],
  ['brackets in brackets', `<<${A}>>`, to(`">" <${A}>`, A)],
  ['a bracket that is not closed', `<${A}`, plain],
  ['a bracket that is not opened', `${A}>`, plain],
  [
    'a bracket in the local part',
    'a<b@x.example',
    to('a <b@x.example>', 'b@x.example'),
  ],
  [
    'a bracket in the local part of an object',
    { address: 'a<b@x.example' },
    NOT_PLAIN,
  ],
  ['a blank in an object', { address: 'a b@x.example' }, NOT_PLAIN],
  ['a tab in an object', { address: 'a\tb@x.example' }, NOT_PLAIN],
  ['a list in an object', { address: `${A}, ${B}` }, NOT_PLAIN],
  ['a mailbox in an object', { address: `Ada <${A}>` }, NOT_PLAIN],
  [
    'blanks, which end a name',
    'a b@x.example',
    to('a <b@x.example>', 'b@x.example'),
  ],
  ['blanks around the @', 'a @ x.example', plain],
  ['blanks around', ` \t${A}\t `, plain],
  ['commas and semicolons', `,;${A},,;;${B};`, to(`${A}, ${B}`, A, B)],
];

const UNICODE: readonly Row[] = [
  [
    'an international domain',
    'a@bücher.example',
    to('a@xn--bcher-kva.example', 'a@xn--bcher-kva.example'),
  ],
  ['an international local part', 'jürgen@x.example', NO_UTF8],
  ['a local part from another script', '\u0430@x.example', NO_UTF8],
  ['a mark that turns the text', `\u202e${A}`, NO_UTF8],
  ['a width of zero in the local part', 'a\u200b@x.example', NO_UTF8],
  ['a width of zero in the domain', 'a@x.exa\u200bmple', plain],
  ['full width and other dots', 'a@\uff58\u3002example', plain],
  [
    'the line separator, which is text',
    `${A}\u2028Bcc: ${B}`,
    to(`=?UTF-8?Q?a=40x=2Eexample=E2=80=A8Bcc?=:${B};`, B),
  ],
];

/** Inputs that have fooled other mailers, in `to`. */
export const HOSTILE_RECIPIENTS: readonly Row[] = [
  ...GROUPS,
  ...QUOTED,
  ...COMMENTS,
  ...NAMES,
  ...PLACES,
  ...SHAPES,
  ...UNICODE,
];
