import { factsOf, type MailFacts, type TestMail } from './mail-facts.js';
import type { MailQuery, TextQuery } from './mail-query.js';

/** How one part of a query compares to a message. */
export interface Comparison {
  /** Such as `subject` or `headers.X-Order`. */
  readonly part: string;

  readonly expected: TextQuery;

  /** What the message has there. */
  readonly found: readonly string[];
  readonly matches: boolean;
}

type Test = (text: string, query: TextQuery) => boolean;
type ListPart = 'to' | 'attachments' | 'categories';
type TextPart = 'from' | 'subject' | 'text' | 'html' | 'tenant';

const TESTS: Readonly<Record<ListPart | TextPart, Test>> = {
  to: sameAddress,
  from: sameAddress,
  subject: same,
  text: holds,
  html: holds,
  attachments: same,
  categories: same,
  tenant: same,
};

const PARTS = [
  ...(['from', 'to', 'subject', 'text', 'html'] as const),
  ...(['attachments', 'categories', 'tenant'] as const),
];

/** The parts that a query may have. */
const KNOWN = new Set<string>([...PARTS, 'headers', 'customArgs']);

/** Compares every part of a query. */
export function compareMail(query: MailQuery, mail: TestMail): Comparison[] {
  const facts = factsOf(mail);
  return partsOf(query).map(([part, expected, test]) => {
    const found = foundAt(part, facts);
    const matches = found.some((text) => test(text, expected));
    return { part, expected, found, matches };
  });
}

/** The parts of a query, one by one. */
export function partsOf(query: MailQuery): [string, TextQuery, Test][] {
  return [
    ...PARTS.flatMap((part) =>
      queriesOf(query[part]).map((expected): [string, TextQuery, Test] => [
        part,
        expected,
        TESTS[part],
      ]),
    ),
    ...named('headers', query.headers),
    ...named('customArgs', query.customArgs),
  ];
}

/** Whether a message is what a query looks for. */
export function isMatch(query: MailQuery, mail: TestMail): boolean {
  return compareMail(query, mail).every(({ matches }) => matches);
}

/**
 * Makes sure that a query can find what it looks for.
 *
 * @throws TypeError naming a part that is none
 */
export function checkQuery(query: MailQuery): void {
  const unknown = Object.keys(query).find((part) => !KNOWN.has(part));
  if (unknown === undefined) return;
  throw new TypeError(
    `Mail is not looked for by \`${unknown}\`, but by ${[...KNOWN].join(', ')}.`,
  );
}

function named(
  part: 'headers' | 'customArgs',
  queries: Readonly<Record<string, TextQuery>> | undefined,
): [string, TextQuery, Test][] {
  return Object.entries(queries ?? {}).map(([name, expected]) => [
    `${part}.${name}`,
    expected,
    same,
  ]);
}

function foundAt(path: string, facts: MailFacts): readonly string[] {
  const dot = path.indexOf('.');
  const name = path.slice(dot + 1);
  if (path.startsWith('headers.')) return facts.header(name);
  if (path.startsWith('customArgs.')) return facts.customArg(name);
  const part = PARTS.find((one) => one === path);
  return part === undefined ? [] : facts[part];
}

function queriesOf(
  query: TextQuery | readonly TextQuery[] | undefined,
): readonly TextQuery[] {
  if (query === undefined) return [];
  return isList(query) ? query : [query];
}

function isList(
  query: TextQuery | readonly TextQuery[],
): query is readonly TextQuery[] {
  return Array.isArray(query);
}

function same(text: string, query: TextQuery): boolean {
  return typeof query === 'string' ? text === query : answers(text, query);
}

function sameAddress(text: string, query: TextQuery): boolean {
  return typeof query === 'string'
    ? text.toLowerCase() === query.toLowerCase()
    : answers(text, query);
}

function holds(text: string, query: TextQuery): boolean {
  return typeof query === 'string'
    ? lines(text).includes(lines(query))
    : answers(text, query);
}

function answers(text: string, query: Exclude<TextQuery, string>): boolean {
  if (typeof query === 'function') return query(text);
  // `search` begins anew whatever the pattern's flags are.
  if (query instanceof RegExp) return text.search(query) !== -1;
  return query.asymmetricMatch(text);
}

function lines(text: string): string {
  return text.replaceAll('\r\n', '\n');
}
