import { describe, expect, it } from 'vitest';

import {
  MailError,
  type MailErrorCode,
  type MailErrorDetails,
} from '../../../../lib/errors/mail-error.js';
import { NotBegunError } from '../../../../lib/outbox/store/begin-mark.js';
import { FatePolicy } from '../../../../lib/outbox/worker/fate-policy.js';
import type { FateContext } from '../../../../lib/outbox/worker/job-fate.js';

const RETRY = {
  maxAttempts: 3,
  baseDelayMs: 1000,
  maxDelayMs: 1500,
  maxHoldMs: 7_200_000,
};
const CONTEXT: FateContext = {
  attempts: 0,
  ageMs: 0,
  tenant: false,
  outage: false,
  onUnknown: 'hold',
};
const REPLY = { code: 550, text: 'No' };
const policy = new FatePolicy(RETRY, () => 1);

function fate(
  code: MailErrorCode,
  details: MailErrorDetails = {},
  context: Partial<FateContext> = {},
): object {
  const error = new MailError(code, 'It failed.', details);
  return policy.fateOf(error, { ...CONTEXT, ...context });
}

describe('the fate of a message that was not sent', () => {
  it.each<[MailErrorCode, MailErrorDetails, string, Partial<FateContext>?]>([
    ['REJECTED', {}, 'failed'],
    ['INVALID_MESSAGE', {}, 'failed'],
    ['REJECTED', { retryable: true }, 'deferred'],
    ['GUARD', {}, 'deferred'],
    ['EXPIRED', { retryable: true }, 'deferred'],
    ['RELAY_UNAVAILABLE', { retryable: true }, 'deferred'],
    ['RELAY_UNAVAILABLE', { retryable: true }, 'blocked', { outage: true }],
    ['EXPIRED', { scope: 'account' }, 'blocked'],
    ['ACCOUNT', { scope: 'account' }, 'blocked'],
    ['ACCOUNT', { scope: 'account' }, 'delayed', { tenant: true }],
    ['INVALID_OPTIONS', {}, 'delayed', { tenant: true }],
    ['QUEUE_FULL', {}, 'blocked'],
    ['SHUT_DOWN', {}, 'blocked'],
    ['SENDER', {}, 'failed'],
    ['SENDER', { reply: REPLY }, 'delayed'],
    ['OUTCOME_UNKNOWN', { deliveryState: 'unknown' }, 'uncertain'],
    ['ABORTED', {}, 'failed'],
    ['ABORTED', { cause: new NotBegunError('', true) }, 'lost'],
    ['ABORTED', { cause: new NotBegunError('', false) }, 'returned'],
  ])('of %s with %o is %s (%o)', (code, details, kind, context) => {
    expect(fate(code, details, context)).toMatchObject({ kind });
  });

  it('waits for longer each time, up to the bound, and then fails', () => {
    const after = (attempts: number): object =>
      fate('REJECTED', { retryable: true }, { attempts });

    expect(after(0)).toMatchObject({ delayMs: 1000 });
    expect(after(1)).toMatchObject({ delayMs: 1500 });
    expect(after(2)).toMatchObject({ kind: 'failed', code: 'REJECTED' });
  });

  it('holds a sender for as long again as the message is old, and then fails', () => {
    const after = (ageMs: number): object =>
      fate('SENDER', { reply: REPLY }, { ageMs, attempts: 9 });

    expect(after(1000)).toMatchObject({ delayMs: 60_000 });
    expect(after(600_000)).toMatchObject({ delayMs: 600_000 });
    expect(after(7_000_000)).toMatchObject({ delayMs: 3_600_000 });
    expect(after(7_200_000)).toMatchObject({ kind: 'failed' });
  });

  it('resends what is unknown where that was chosen, at the cost of an attempt', () => {
    const resent = (attempts: number): object =>
      fate(
        'OUTCOME_UNKNOWN',
        { deliveryState: 'unknown' },
        { onUnknown: 'resend', attempts },
      );

    expect(resent(0)).toMatchObject({ kind: 'deferred' });
    expect(resent(2)).toMatchObject({ kind: 'failed' });
  });

  it('keeps no address and no key', () => {
    const error = new MailError(
      'REJECTED',
      `550 <ada@example.net> SG.${'a'.repeat(22)}`,
    );

    expect(JSON.stringify(policy.fateOf(error, CONTEXT))).not.toMatch(/ada|SG/);
  });
});
