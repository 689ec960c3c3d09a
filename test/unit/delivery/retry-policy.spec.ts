import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { RetryPolicy } from '../../../lib/delivery/retry-policy.js';
import { DEFAULTS } from '../../../lib/options/defaults.js';
import type { ResolvedRetryOptions } from '../../../lib/options/resolved-options.js';
import { LANES } from '../../../lib/pool/lane.js';

const ENDLESS = { urgent: Infinity, normal: Infinity, bulk: Infinity };

function policy(
  options: Partial<ResolvedRetryOptions> = {},
  random?: () => number,
): RetryPolicy {
  return new RetryPolicy({ ...DEFAULTS.retry, ...options }, random);
}

/** The pauses after each attempt, when each is as long as it may be. */
function longestDelays(options: Partial<ResolvedRetryOptions>): number[] {
  const retry = policy({ maxAgeMs: ENDLESS, ...options }, () => 1);
  const delays: number[] = [];
  for (let answered = 1; ; answered += 1) {
    const delay = retry.delayMs(answered, 'normal', 0);
    if (delay === undefined) return delays;
    delays.push(delay);
  }
}

describe('the pause before another attempt', () => {
  it('is at most the base, doubled each time, up to its bound', () => {
    expect(
      longestDelays({ maxAttempts: 9, baseDelayMs: 1000, maxDelayMs: 60_000 }),
    ).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
  });

  it('is bounded from the beginning by a bound below the base', () => {
    expect(
      longestDelays({ maxAttempts: 3, baseDelayMs: 1000, maxDelayMs: 10 }),
    ).toEqual([10, 10]);
  });

  it('lies anywhere between nothing and that, and nowhere else', () => {
    const answered = fc.integer({ min: 1, max: 99 });
    const delay = fc.integer({ min: 0, max: 1e6 });
    const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(answered, delay, delay, share, (...given) => {
        const [tries, baseDelayMs, maxDelayMs, random] = given;
        const options = { maxAttempts: 100, baseDelayMs, maxDelayMs };
        const retry = policy({ ...options, maxAgeMs: ENDLESS }, () => random);
        const longest = Math.min(maxDelayMs, baseDelayMs * 2 ** (tries - 1));

        expect(retry.delayMs(tries, 'normal', 0)).toBe(random * longest);
      }),
    );
  });

  it('differs between messages that were refused together', () => {
    const retry = policy({ maxAgeMs: ENDLESS });
    const delays = Array.from({ length: 200 }, () =>
      Number(retry.delayMs(1, 'normal', 0)),
    );

    expect(new Set(delays).size).toBeGreaterThan(190);
    expect(Math.min(...delays)).toBeLessThan(200);
    expect(Math.max(...delays)).toBeGreaterThan(800);
  });
});

describe('the last attempt', () => {
  it.each([1, 2, 100])('is the %ith when so many are allowed', (most) => {
    const retry = policy({ maxAttempts: most, maxAgeMs: ENDLESS });

    expect(retry.delayMs(most, 'normal', 0)).toBeUndefined();
    for (let answered = 1; answered < most; answered += 1) {
      expect(retry.delayMs(answered, 'normal', 0)).toBeDefined();
    }
  });

  it.each([
    ['urgent', 30_000],
    ['normal', 30_000],
    ['bulk', 300_000],
  ] as const)(
    'of the lane %s begins %i ms after the first at the latest',
    (lane, maxAgeMs) => {
      const retry = policy({}, () => 1);

      expect(retry.maxAgeMs(lane)).toBe(maxAgeMs);
      expect(retry.delayMs(1, lane, maxAgeMs - 1000)).toBe(1000);
      expect(retry.delayMs(1, lane, maxAgeMs - 999)).toBeUndefined();
    },
  );

  it('never begins later, however the pauses fall', () => {
    const ageMs = fc.double({ min: 0, max: 400_000, noNaN: true });
    const lanes = fc.constantFrom(...LANES);
    fc.assert(
      fc.property(ageMs, lanes, fc.integer({ min: 1, max: 9 }), (...given) => {
        const [age, lane, answered] = given;
        const retry = policy({ maxAttempts: 10 });
        const delay = retry.delayMs(answered, lane, age) ?? -age;

        expect(age + delay).toBeLessThanOrEqual(retry.maxAgeMs(lane));
      }),
    );
  });
});

describe('a message of unknown outcome', () => {
  it('is sent again only where that was asked for', () => {
    expect(policy().onUnknown).toBe('fail');
    expect(policy({ onUnknown: 'retry' }).onUnknown).toBe('retry');
  });
});
