import { AssertionError } from 'node:assert';
import { checkQuery, isMatch } from './compare-mail.js';
import { judgeSent, type Judgement } from './judge-sent.js';
import type { MailQuery } from './mail-query.js';
import type { MailSource } from './mail-source.js';

/** The messages of a source. */
export type MailOf<Source extends MailSource> = Source extends {
  sent(): readonly (infer Mail)[];
}
  ? Mail
  : Source extends { readonly messages: readonly (infer Mail)[] }
    ? Mail
    : Source extends readonly (infer Mail)[]
      ? Mail
      : never;

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
export function assertSent<Source extends MailSource>(
  source: Source,
  query: MailQuery = {},
): MailOf<Source> {
  const judgement = judgeSent(source, query);
  if (!judgement.pass) throw failure(judgement, assertSent);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what was found is of the source
  return judgement.found[0] as MailOf<Source>;
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
  if (!judgement.pass) throw failure(judgement, assertSentTimes);
}

/**
 * Makes sure that no such message was sent.
 *
 * @param query - none at all when left out
 * @throws AssertionError that shows those that were
 */
export function assertNotSent(source: MailSource, query: MailQuery = {}): void {
  const judgement = judgeSent(source, query);
  if (judgement.pass) throw failure(judgement, assertNotSent);
}

/** Whether a message is what a query looks for, for filters of your own. */
export function matchesMail(
  mail: Parameters<typeof isMatch>[1],
  query: MailQuery,
): boolean {
  checkQuery(query);
  return isMatch(query, mail);
}

// The type of a function that is only left out of the stack.
type Caller = NonNullable<
  ConstructorParameters<typeof AssertionError>[0]
>['stackStartFn'];

function failure({ message }: Judgement, caller: Caller): AssertionError {
  return new AssertionError({
    message: message(),
    ...(caller === undefined ? {} : { stackStartFn: caller }),
  });
}
