import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Rotation } from '../../../lib/pool/rotation.js';
import type { SmtpConnection } from '../../../lib/smtp/smtp-connection.js';
import { poolBounds } from './support/bounds.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'Date'] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** All that a rotation looks at. */
function connection(assigned: number, readyAt = 0): SmtpConnection {
  return { assigned, readyAt } as SmtpConnection;
}

/** After how many assignments a connection is due. */
function capOf(rotation: Rotation): number {
  let assigned = 0;
  while (!rotation.due(connection(assigned))) assigned += 1;
  return assigned;
}

function withCap(maxMessagesPerConnection: number, random?: number): Rotation {
  const bounds = poolBounds({ maxMessagesPerConnection });
  return new Rotation(bounds, random === undefined ? undefined : () => random);
}

describe('the message cap of a connection', () => {
  it('is never above the option nor a tenth below it', () => {
    const random = fc.double({
      min: 0,
      max: 1,
      maxExcluded: true,
      noNaN: true,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), random, (max, chance) => {
        const cap = capOf(withCap(max, chance));

        expect(cap).toBeLessThanOrEqual(max);
        expect(cap).toBeGreaterThanOrEqual(Math.max(1, max * 0.9));
      }),
    );
  });

  it.each([
    [1, 0, 1],
    [1, 0.999, 1],
    [9, 0.999, 9],
    [20, 0.999, 19],
    [5000, 0, 5000],
    [5000, 0.5, 4750],
    [5000, 0.9999, 4501],
  ])('of %i with a random %f is %i', (max, chance, cap) => {
    expect(capOf(withCap(max, chance))).toBe(cap);
  });

  it('differs from connection to connection', () => {
    const caps = Array.from({ length: 20 }, () => capOf(withCap(5000)));

    expect(new Set(caps).size).toBeGreaterThan(1);
  });
});

describe('the age of a connection', () => {
  it.each([
    [0, 600_000],
    [0.5, 570_000],
    [1, 540_000],
  ])('with a random %f is at most %i ms', (chance, life) => {
    const rotation = withCap(5000, chance);
    vi.advanceTimersByTime(life - 1);
    expect(rotation.due(connection(1))).toBe(false);
    vi.advanceTimersByTime(1);

    expect(rotation.due(connection(1))).toBe(true);
  });
});

describe('the end of a connection is near', () => {
  it.each([
    [1, 1],
    [4999, 5000],
    [5000, 5000],
  ])('when %i of %i messages are assigned, at any rate', (assigned, max) => {
    const rotation = withCap(max, 0);
    vi.advanceTimersByTime(1000);

    expect(rotation.nears(connection(assigned), 0)).toBe(true);
  });

  it('when what is left takes no longer than two set-ups', () => {
    const rotation = withCap(1000, 0);
    const readyAt = performance.now();
    vi.advanceTimersByTime(9000);
    // 900 messages in 9 s: the last 100 take another second.
    const busy = connection(900, readyAt);

    expect(rotation.nears(busy, 499)).toBe(false);
    expect(rotation.nears(busy, 500)).toBe(true);
  });

  it('when its age ends within two set-ups', () => {
    const rotation = withCap(5000, 0);
    const quiet = connection(10, performance.now());
    vi.advanceTimersByTime(600_000 - 1001);
    expect(rotation.nears(quiet, 500)).toBe(false);
    vi.advanceTimersByTime(1);

    expect(rotation.nears(quiet, 500)).toBe(true);
  });

  it('is not near on a fresh connection', () => {
    const rotation = withCap(5000, 0);
    const readyAt = performance.now();
    vi.advanceTimersByTime(100);

    expect(rotation.nears(connection(1, readyAt), 300)).toBe(false);
    expect(rotation.standbyAsked).toBe(false);
  });
});
