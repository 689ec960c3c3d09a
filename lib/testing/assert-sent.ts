import { AssertionError } from 'node:assert';
import { checkQuery, isMatch } from './compare-mail.js';
import { judgeSent } from './judge-sent.js';
import type { TestMail } from './mail-facts.js';
import type { MailQuery } from './mail-query.js';
import type { MailSource } from './mail-source.js';

/**
 * Makes sure that such a message was sent, and returns the first. For test
 * frameworks without `expect.extend`.
 *
 * @param query - any message when left out
 * @throws AssertionError that shows how the closest message differs
 *
 * @example
 * ```ts
 * const mail = assertSent(capture, { to: 'ada@example.com', subject: /invoice/i });
 * ```
 */
export function assertSent<Mail extends TestMail>(
  source: MailSource<Mail>,
  query: MailQuery = {},
): Mail {
  const judgement = judgeSent(source, query);
  const [first] = judgement.found;
  if (first === undefined) throw failure(judgement.message, assertSent);
  return first;
}

/**
 * Makes sure that exactly so many such messages were sent.
 *
 * @throws AssertionError that shows those that were
 */
export function assertSentTimes(
  source: MailSource,
  times: number,
  query: MailQuery = {},
): void {
  const judgement = judgeSent(source, query, times);
  if (!judgement.pass) throw failure(judgement.message, assertSentTimes);
}

/**
 * Makes sure that no such message was sent.
 *
 * @param query - none at all when left out
 * @throws AssertionError that shows those that were
 */
export function assertNotSent(source: MailSource, query: MailQuery = {}): void {
  const judgement = judgeSent(source, query);
  if (judgement.pass) throw failure(judgement.message, assertNotSent);
}

/** Whether a message is what a query looks for, for filters of your own. */
export function matchesMail(mail: TestMail, query: MailQuery): boolean {
  checkQuery(query);
  return isMatch(query, mail);
}

// The type of a function that is only left out of the stack.
type Caller = NonNullable<
  ConstructorParameters<typeof AssertionError>[0]
>['stackStartFn'];

function failure(message: () => string, caller: Caller): AssertionError {
  return new AssertionError({
    message: message(),
    ...(caller === undefined ? {} : { stackStartFn: caller }),
  });
}
