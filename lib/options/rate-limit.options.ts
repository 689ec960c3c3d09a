import { Joint, JointGroup } from './joint-group.js';
import type { ResolvedRateLimit } from './resolved-options.js';
import { Milliseconds, Whole } from './rules.js';

/** The times of this many messages are kept in memory. */
const MOST_MESSAGES = 1_000_000;

const TOGETHER = '`rateLimit` takes `messages` and `perMs` together';

/** How many messages may leave in any stretch of time of some length. */
export interface SendGridSmtpRateLimitOptions {
  /** Messages that may leave in it: 1 to 1,000,000. */
  readonly messages: number;

  /**
   * Its length in milliseconds, at least 1. Long against a round trip is
   * best: a message takes its share while the relay has yet to let it go on.
   */
  readonly perMs: number;
}

/** Validates {@link SendGridSmtpRateLimitOptions}. */
export class RateLimitOptions extends JointGroup {
  @Whole(1, MOST_MESSAGES)
  @Joint(TOGETHER)
  readonly messages: number | undefined = undefined;

  @Milliseconds()
  @Joint(TOGETHER)
  readonly perMs: number | undefined = undefined;

  toRateLimit(): ResolvedRateLimit | undefined {
    const { messages, perMs } = this;
    if (messages === undefined || perMs === undefined) return undefined;
    return Object.freeze({ messages, perMs });
  }
}
