import { OptionGroup } from '../../options/option-group.js';
import { Milliseconds, Whole } from '../../options/rules.js';

/**
 * When the outbox tries a message again, after the mail instance has given it
 * up for now: see its own option `retry`.
 */
export interface MailOutboxRetryOptions {
  /**
   * How often a message is given to the mail instance at most, the first time
   * included. What is nobody's fault, such as a paused account, costs none.
   *
   * @defaultValue 10
   */
  readonly maxAttempts?: number | undefined;

  /**
   * Longest pause before the second attempt, in milliseconds; doubled before
   * each further one. The pause itself is random between half of that and it.
   *
   * @defaultValue 30000
   */
  readonly baseDelayMs?: number | undefined;

  /**
   * Bound of that doubling, in milliseconds.
   *
   * @defaultValue 3600000 (an hour)
   */
  readonly maxDelayMs?: number | undefined;

  /**
   * Milliseconds after it was enqueued for which a message is tried again while
   * SendGrid refuses its sender, or a tenant's account.
   *
   * @defaultValue 86400000 (a day)
   */
  readonly maxHoldMs?: number | undefined;
}

/** {@link MailOutboxRetryOptions} with every default. */
export interface ResolvedOutboxRetry {
  readonly maxAttempts: number;
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
  readonly maxHoldMs: number;
}

/** Validates {@link MailOutboxRetryOptions}. */
export class OutboxRetryOptions
  extends OptionGroup
  implements ResolvedOutboxRetry
{
  @Whole(1, 1000)
  readonly maxAttempts: number = 10;

  @Milliseconds()
  readonly baseDelayMs: number = 30_000;

  @Milliseconds()
  readonly maxDelayMs: number = 3_600_000;

  @Milliseconds(0)
  readonly maxHoldMs: number = 86_400_000;

  toRetry(): ResolvedOutboxRetry {
    const { maxAttempts, baseDelayMs, maxDelayMs, maxHoldMs } = this;
    return Object.freeze({ maxAttempts, baseDelayMs, maxDelayMs, maxHoldMs });
  }
}
