import { DEFAULTS } from './defaults.js';
import { OptionGroup } from './option-group.js';
import type { ResolvedRetryOptions } from './resolved-options.js';
import { Milliseconds, OneOf, Whole } from './rules.js';

/** When a message that SendGrid refused for now is tried again. */
export interface SendGridSmtpRetryOptions {
  /**
   * How often a message is offered at most, the first time included; 1 tries
   * nothing again. A message that moves to another connection before it has
   * left costs none of them.
   *
   * @defaultValue 5
   */
  readonly maxAttempts?: number | undefined;

  /**
   * Longest pause before the second attempt, in milliseconds; doubled before
   * each further one. The pause itself is random between 0 and that.
   *
   * @defaultValue 1000
   */
  readonly baseDelayMs?: number | undefined;

  /**
   * Bound of that doubling, in milliseconds.
   *
   * @defaultValue 60000
   */
  readonly maxDelayMs?: number | undefined;

  /**
   * Milliseconds after the first attempt in which others may begin. Time in
   * which sending is paused does not count.
   *
   * @defaultValue 30000, and 300000 in the lane `bulk`
   */
  readonly maxAgeMs?: number | undefined;

  /**
   * Milliseconds that a message waits while sending is paused, before it
   * fails with `EXPIRED`.
   *
   * @defaultValue 3600000 (an hour)
   */
  readonly maxHoldMs?: number | undefined;

  /**
   * What becomes of a message that left whole and got no reply: `fail`
   * reports `OUTCOME_UNKNOWN`, `retry` sends it again. **`retry` delivers
   * twice what SendGrid had taken**: choose it only where that harms nobody.
   *
   * `reconcile` waits for `reconcileMs`: the send succeeds when SendGrid's event
   * webhook names the message, and is sent again when nothing does. It needs
   * `SendGridWebhookModule`, with the event `processed` switched on.
   *
   * @defaultValue 'fail'
   */
  readonly onUnknown?: 'fail' | 'retry' | 'reconcile' | undefined;

  /**
   * Milliseconds that an event may take to settle a message, with
   * `onUnknown: 'reconcile'`. They do not count for `maxAgeMs`. SendGrid posts
   * events every 30 seconds or so, and later when your application is down: a
   * message whose event comes later is sent twice.
   *
   * @defaultValue 300000 (5 minutes)
   */
  readonly reconcileMs?: number | undefined;
}

/** Validates {@link SendGridSmtpRetryOptions}. */
export class RetryOptions extends OptionGroup {
  @Whole(1, 100)
  readonly maxAttempts = DEFAULTS.retry.maxAttempts;

  @Milliseconds(0)
  readonly baseDelayMs = DEFAULTS.retry.baseDelayMs;

  @Milliseconds(0)
  readonly maxDelayMs = DEFAULTS.retry.maxDelayMs;

  @Milliseconds(0)
  readonly maxAgeMs: number | undefined = undefined;

  @Milliseconds(0)
  readonly maxHoldMs = DEFAULTS.retry.maxHoldMs;

  @OneOf('fail', 'retry', 'reconcile')
  readonly onUnknown = DEFAULTS.retry.onUnknown;

  @Milliseconds()
  readonly reconcileMs = DEFAULTS.retry.reconcileMs;

  toRetry(): ResolvedRetryOptions {
    const { maxAgeMs, ...others } = this;
    const { normal, urgent, bulk } = DEFAULTS.retry.maxAgeMs;
    return Object.freeze({
      ...others,
      maxAgeMs: Object.freeze({
        normal: maxAgeMs ?? normal,
        urgent: maxAgeMs ?? urgent,
        bulk: maxAgeMs ?? bulk,
      }),
    });
  }
}
