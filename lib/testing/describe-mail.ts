import { inspect } from 'node:util';
import { compareMail, partsOf, type Comparison } from './compare-mail.js';
import { factsOf, type TestMail } from './mail-facts.js';
import type { MailQuery, TextQuery } from './mail-query.js';

const LONGEST = 300;
const MOST = 10;

/** Says why no message is what a query looks for, as a person reads it. */
export function describeMiss(
  query: MailQuery,
  mails: readonly TestMail[],
): string {
  const [closest, ...others] = byCloseness(query, mails);
  if (closest === undefined) return 'No message was sent.';
  const head =
    others.length === 0
      ? `The one message that was sent, ${summary(closest.mail)}, differs:`
      : `The closest of ${mails.length} messages, ${summary(closest.mail)}, differs:`;
  const shown = closest.comparisons.map(difference);
  return [head, ...shown, ...listed(others.map(({ mail }) => mail))].join('\n');
}

/** Lists messages that should not have been sent, or all there are. */
export function describeSent(mails: readonly TestMail[]): string {
  if (mails.length === 0) return 'No message was sent.';
  const sent = mails.slice(0, MOST).map((mail) => `  ${summary(mail)}`);
  return [...sent, ...andMore(mails.length)].join('\n');
}

/** A query in words. */
export function describeQuery(query: MailQuery = {}): string {
  const words = partsOf(query).map(
    ([part, expected]) => `${part} ${valueOf(expected)}`,
  );
  return words.length === 0
    ? 'a message'
    : `a message with ${words.join(', ')}`;
}

interface Compared {
  readonly mail: TestMail;
  readonly comparisons: readonly Comparison[];
}

function byCloseness(
  query: MailQuery,
  mails: readonly TestMail[],
): readonly Compared[] {
  const hits = ({ comparisons }: Compared): number =>
    comparisons.filter(({ matches }) => matches).length;
  return mails
    .map((mail) => ({ mail, comparisons: compareMail(query, mail) }))
    .toSorted((a, b) => hits(b) - hits(a));
}

function difference({ part, expected, found, matches }: Comparison): string {
  if (matches) return `    ${part}: as expected`;
  const got =
    found.length === 0
      ? 'nothing'
      : found.map((text) => valueOf(text)).join(', ');
  return `  - ${part}\n      expected: ${valueOf(expected)}\n      received: ${got}`;
}

function listed(mails: readonly TestMail[]): string[] {
  return mails.length === 0 ? [] : ['Also sent:', describeSent(mails)];
}

function andMore(count: number): string[] {
  return count > MOST ? [`  ... and ${count - MOST} more`] : [];
}

function summary(mail: TestMail): string {
  const { to, subject } = factsOf(mail);
  const [first = 'nobody', ...others] = to;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  const [title] = subject;
  return `${title === undefined ? 'without a subject' : valueOf(title)} to ${first}${more}`;
}

function valueOf(value: TextQuery): string {
  if (typeof value === 'function') return 'that the function accepts';
  if (typeof value === 'string') return JSON.stringify(shortened(value));
  if (value instanceof RegExp) return String(value);
  // Matchers of vitest and jest keep what they look for there.
  const sample: unknown = Reflect.get(value, 'sample');
  const kind = Reflect.get(value.constructor, 'name');
  return sample === undefined ? inspect(value) : `${kind} ${inspect(sample)}`;
}

function shortened(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}
