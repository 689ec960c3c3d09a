import { judgeSent } from './judge-sent.js';
import type { MailQuery } from './mail-query.js';
import type { MailSource } from './mail-source.js';

/** What a matcher answers to vitest and jest. */
export interface MatcherResult {
  /** Whether it matches. */
  readonly pass: boolean;

  /** What is said when the expectation fails. */
  readonly message: () => string;
}

/**
 * The matchers as `expect` has them after `expect.extend(mailMatchers)`, for
 * the declaration that tells TypeScript of it: see `docs/testing.md`.
 */
export interface MailMatchers<Result = void> {
  /** Passes when such a message was sent; any one when `query` is left out. */
  toHaveSent(query?: MailQuery): Result;

  /** Passes when exactly so many such messages were sent. */
  toHaveSentTimes(times: number, query?: MailQuery): Result;
}

/**
 * Matchers for vitest and jest. They take what `overrideMail` and
 * `capturedMail` return, a `FakeSendGrid`, and lists of messages.
 *
 * @example
 * ```ts
 * expect.extend(mailMatchers);
 * expect(mail).toHaveSent({ to: 'ada@example.com', subject: /welcome/i });
 * ```
 */
export const mailMatchers = {
  /** See {@link MailMatchers.toHaveSent}. */
  toHaveSent(received: MailSource, query?: MailQuery): MatcherResult {
    return judgeSent(received, query);
  },

  /** See {@link MailMatchers.toHaveSentTimes}. */
  toHaveSentTimes(
    received: MailSource,
    times: number,
    query?: MailQuery,
  ): MatcherResult {
    return judgeSent(received, query, times);
  },
};
