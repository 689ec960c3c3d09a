import type { MailError } from '../../errors/mail-error.js';
import type { ResolvedOutboxRetry } from '../options/retry.options.js';
import { NotBegunError } from '../store/begin-mark.js';
import type { FateContext, JobFate } from './job-fate.js';
import { shownError } from './shown-error.js';

/** First and longest wait for somebody to put something right, in milliseconds. */
const HOLD_MS = { least: 60_000, most: 3_600_000 };

/** Says what becomes of messages that the mail instance has not sent. */
export class FatePolicy {
  readonly #retry: ResolvedOutboxRetry;
  readonly #random: () => number;

  constructor(retry: ResolvedOutboxRetry, random: () => number = Math.random) {
    this.#retry = retry;
    this.#random = random;
  }

  fateOf(error: MailError, context: FateContext): JobFate {
    const reason = shownError(error);
    if (error.deliveryState === 'unknown') {
      return context.onUnknown === 'resend'
        ? this.#again(error, context)
        : { kind: 'uncertain', ...reason };
    }
    switch (error.code) {
      case 'ABORTED':
        return aborted(error);
      case 'SHUT_DOWN':
      case 'QUEUE_FULL':
        return { kind: 'blocked', error };
      case 'ACCOUNT':
      case 'INVALID_OPTIONS':
        return this.#accountFault(error, context);
      case 'SENDER':
        // Without a reply it is this application that does not allow the sender.
        return error.reply === undefined
          ? { kind: 'failed', ...reason }
          : this.#hold(error, context);
      case 'EXPIRED':
        return error.scope === 'account'
          ? this.#accountFault(error, context)
          : this.#again(error, context);
      case 'RELAY_UNAVAILABLE':
        return context.outage
          ? { kind: 'blocked', error }
          : this.#again(error, context);
      case 'GUARD':
      case 'TIMED_OUT':
        return this.#again(error, context);
      default:
        return error.retryable
          ? this.#again(error, context)
          : { kind: 'failed', ...reason };
    }
  }

  /** At the cost of an attempt, after a pause that doubles. */
  #again(error: MailError, { attempts }: FateContext): JobFate {
    const { maxAttempts, baseDelayMs, maxDelayMs } = this.#retry;
    const reason = shownError(error);
    if (attempts + 1 >= maxAttempts) return { kind: 'failed', ...reason };
    const longest = Math.min(maxDelayMs, baseDelayMs * 2 ** attempts);
    const delayMs = Math.round(longest * (0.5 + this.#random() / 2));
    return { kind: 'deferred', delayMs, ...reason };
  }

  #accountFault(error: MailError, context: FateContext): JobFate {
    return context.tenant
      ? this.#hold(error, context)
      : { kind: 'blocked', error };
  }

  /** At no cost, for as long again as it has waited. */
  #hold(error: MailError, { ageMs }: FateContext): JobFate {
    if (ageMs >= this.#retry.maxHoldMs) {
      return { kind: 'failed', ...shownError(error) };
    }
    const { least, most } = HOLD_MS;
    const delayMs = Math.min(most, Math.max(least, ageMs));
    return { kind: 'delayed', delayMs, code: error.code };
  }
}

/** Held back before its body, by the outbox itself, or purged by somebody. */
function aborted(error: MailError): JobFate {
  const { cause } = error;
  if (!(cause instanceof NotBegunError)) {
    return { kind: 'failed', ...shownError(error) };
  }
  return cause.lost ? { kind: 'lost' } : { kind: 'returned' };
}
