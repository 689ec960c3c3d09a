import type { MailError, MailErrorCode } from '../../errors/mail-error.js';
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
    if (error.deliveryState === 'unknown') {
      return context.onUnknown === 'resend'
        ? this.#again(error, context)
        : { kind: 'uncertain', ...shownError(error) };
    }
    if (error.code === 'ABORTED') return aborted(error);
    switch (courseOf(error, context)) {
      case 'again':
        return this.#again(error, context);
      case 'hold':
        return this.#hold(error, context);
      case 'wait':
        // What blocks a tenant blocks no other.
        return context.tenant
          ? this.#hold(error, context)
          : { kind: 'blocked', error };
      case 'end':
        return { kind: 'failed', ...shownError(error) };
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

/** Try it again, hold it for its sender, wait until anything can be sent, or end it. */
type Course = 'again' | 'hold' | 'wait' | 'end';

const COURSES: Partial<Record<MailErrorCode, Course>> = {
  SHUT_DOWN: 'wait',
  QUEUE_FULL: 'wait',
  ACCOUNT: 'wait',
  INVALID_OPTIONS: 'wait',
  GUARD: 'again',
  TIMED_OUT: 'again',
};

function courseOf(
  { code, reply, scope, retryable }: MailError,
  { outage }: FateContext,
): Course {
  switch (code) {
    case 'SENDER':
      // Without a reply it is this application that does not allow the sender.
      return reply === undefined ? 'end' : 'hold';
    case 'EXPIRED':
      return scope === 'account' ? 'wait' : 'again';
    case 'RELAY_UNAVAILABLE':
      return outage ? 'wait' : 'again';
    default:
      return COURSES[code] ?? (retryable ? 'again' : 'end');
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
