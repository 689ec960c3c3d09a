import { Joint, JointGroup } from './joint-group.js';
import type { ResolvedGuard } from './resolved-options.js';
import { Milliseconds, OneOf, Whole } from './rules.js';

const MOST_MESSAGES = 100_000;

const TOGETHER = 'a guard takes `messages`, `perMs` and `onExceeded` together';

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
export class GuardOptions extends JointGroup {
  @Whole(1, MOST_MESSAGES)
  @Joint(TOGETHER)
  readonly messages: number | undefined = undefined;

  @Milliseconds()
  @Joint(TOGETHER)
  readonly perMs: number | undefined = undefined;

  @OneOf('warn', 'reject')
  @Joint(TOGETHER)
  readonly onExceeded: ResolvedGuard['onExceeded'] | undefined = undefined;

  toGuard(): ResolvedGuard | undefined {
    const { messages, perMs, onExceeded } = this;
    if (messages === undefined || perMs === undefined) return undefined;
    return onExceeded && Object.freeze({ messages, perMs, onExceeded });
  }
}
