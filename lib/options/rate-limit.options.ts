import { OptionGroup, type UnknownName } from './option-group.js';
import type { ResolvedRateLimit } from './resolved-options.js';
import { RuleEvenIfAbsent } from './rule.js';
import { Milliseconds, Whole } from './rules.js';

/** The times of this many messages are kept in memory. */
const MOST_MESSAGES = 1_000_000;

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
export class RateLimitOptions extends OptionGroup {
  #given = false;

  @Whole(1, MOST_MESSAGES)
  @RuleEvenIfAbsent(missing)
  readonly messages: number | undefined = undefined;

  @Milliseconds()
  @RuleEvenIfAbsent(missing)
  readonly perMs: number | undefined = undefined;

  get given(): boolean {
    return this.#given;
  }

  override take(input: object, path?: string): UnknownName[] {
    this.#given = true;
    return super.take(input, path);
  }

  toRateLimit(): ResolvedRateLimit | undefined {
    const { messages, perMs } = this;
    if (messages === undefined || perMs === undefined) return undefined;
    return Object.freeze({ messages, perMs });
  }
}

function missing(value: unknown, group: object): string | undefined {
  const given = group instanceof RateLimitOptions && group.given;
  return given && value === undefined
    ? 'is required: `rateLimit` takes `messages` and `perMs` together'
    : undefined;
}
