import { describe, expect, it } from 'vitest';

import {
  failureOf,
  failureText,
  isUncertain,
} from '../../../../lib/outbox/store/failure-text.js';

describe('the reason of a failure as one text', () => {
  it('comes back as it was', () => {
    const reason = { code: 'REJECTED', message: '554 No: really\nno' };

    expect(failureOf(failureText(reason))).toEqual(reason);
  });

  it('is what the engine says where it has no code', () => {
    expect(failureOf('job stalled: too often')).toEqual({
      code: 'ENGINE',
      message: 'job stalled: too often',
    });
    expect(failureOf(undefined)).toEqual({ code: 'ENGINE', message: '' });
  });

  it('tells what may have been sent', () => {
    expect(isUncertain(failureOf('OUTCOME_UNKNOWN: who knows'))).toBe(true);
    expect(isUncertain(failureOf('REJECTED: OUTCOME_UNKNOWN: no'))).toBe(false);
  });
});
