import { OptionGroup, type UnknownName } from './option-group.js';
import type { ResolvedGuard } from './resolved-options.js';
import { RuleEvenIfAbsent } from './rule.js';
import { Milliseconds, OneOf, Whole } from './rules.js';

const MOST_MESSAGES = 100_000;

/** How many messages are usual, and what happens to further ones. */
export interface SendGridSmtpGuardOptions {
  /** Messages in any stretch of `perMs`: 1 to 100,000. */
  readonly messages: number;

  /** Its length in milliseconds, at least 1. */
  readonly perMs: number;

  /**
   * `warn` sends further messages all the same; `reject` fails them with
   * `GUARD`.
   */
  readonly onExceeded: 'warn' | 'reject';
}

/** Validates {@link SendGridSmtpGuardOptions}. */
export class GuardOptions extends OptionGroup {
  #given = false;

  @Whole(1, MOST_MESSAGES)
  @RuleEvenIfAbsent(missing)
  readonly messages: number | undefined = undefined;

  @Milliseconds()
  @RuleEvenIfAbsent(missing)
  readonly perMs: number | undefined = undefined;

  @OneOf('warn', 'reject')
  @RuleEvenIfAbsent(missing)
  readonly onExceeded: ResolvedGuard['onExceeded'] | undefined = undefined;

  get given(): boolean {
    return this.#given;
  }

  override take(input: object, path?: string): UnknownName[] {
    this.#given = true;
    return super.take(input, path);
  }

  toGuard(): ResolvedGuard | undefined {
    const { messages, perMs, onExceeded } = this;
    if (messages === undefined || perMs === undefined) return undefined;
    return onExceeded && Object.freeze({ messages, perMs, onExceeded });
  }
}

function missing(value: unknown, group: object): string | undefined {
  const given = group instanceof GuardOptions && group.given;
  return given && value === undefined
    ? 'is required: a guard takes `messages`, `perMs` and `onExceeded` together'
    : undefined;
}
