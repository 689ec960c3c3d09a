import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { LearnedCap } from '../../../lib/pool/learned-cap.js';
import type { Rotation } from '../../../lib/pool/rotation.js';
import type { SmtpConnection } from '../../../lib/smtp/smtp-connection.js';
import { telling } from '../../support/telling.js';
import type { TransactionOutcome } from '../../../lib/smtp/transaction.js';
import { rotation } from './support/rotation.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'Date'] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** All that a rotation looks at before a connection is lost. */
function connection(assigned: number): SmtpConnection {
  return { assigned } as SmtpConnection;
}

const REPLY = { reply: { code: 250, text: 'ok' }, recipients: [] };

/** After how many assignments a connection is due. */
function capOf(given: Rotation): number {
  let assigned = 0;
  while (!given.due(connection(assigned))) assigned += 1;
  return assigned;
}

function withCap(
  maxMessagesPerConnection: number,
  random?: number,
  learned?: LearnedCap,
): Rotation {
  return rotation({ maxMessagesPerConnection }, random, learned);
}

/** A cap that was learned in the shortest way. */
function learnedCap(messages: number): LearnedCap {
  const learned = new LearnedCap();
  while (learned.value === Infinity) {
    const createdAt = performance.now();
    vi.advanceTimersByTime(1000);
    learned.ended(messages, createdAt, telling());
    learned.carried(messages);
  }
  vi.advanceTimersByTime(1);
  return learned;
}

describe('the message cap of a connection', () => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

  it('is never above the option nor a tenth below it', () => {
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

  it.each([
    [5000, 350, 0, 349],
    [5000, 350, 0.9999, 315],
    [200, 350, 0, 200],
  ])('of %i, %i having been learned, with a random %f is %i', (...args) => {
    const [max, cap, chance, expected] = args;

    expect(capOf(withCap(max, chance, learnedCap(cap)))).toBe(expected);
  });

  it('is lowered on open connections when one is learned', () => {
    const learned = new LearnedCap();
    const early = rotation({}, 0, learned);
    expect(early.due(connection(400))).toBe(false);
    for (let n = 0; n < 3; n += 1) {
      vi.advanceTimersByTime(1000);
      learned.ended(350, performance.now() - 1, telling());
    }

    expect(early.due(connection(348))).toBe(false);
    expect(early.due(connection(349))).toBe(true);
  });
});

describe('a connection on which MAIL is refused', () => {
  const accepted = { kind: 'accepted', ...REPLY } as const;
  const refused = (code: number, command = 'MAIL FROM') =>
    ({
      kind: 'rejected',
      ...REPLY,
      reply: { code, text: '' },
      command,
    }) as const;

  /** Whether it is due after so many accepted, and then these. */
  const dueAfter = (
    through: number,
    outcomes: readonly TransactionOutcome[],
    learned = new LearnedCap(),
  ): boolean => {
    const given = rotation({}, 0, learned);
    vi.advanceTimersByTime(1000);
    for (let n = 0; n < through; n += 1) given.ended(accepted);
    for (const outcome of outcomes) given.ended(outcome);
    given.close();
    return given.due(connection(through + outcomes.length));
  };

  it('for now, twice in a row, is spent', () => {
    expect(dueAfter(100, [refused(452)])).toBe(false);
    expect(dueAfter(100, [refused(452), refused(451)])).toBe(true);
  });

  it.each([
    ['for good', [refused(550), refused(550)]],
    ['now and then', [refused(452), accepted, refused(452)]],
    [
      'and its recipients in between',
      [refused(452), refused(452, 'RCPT TO'), refused(452)],
    ],
  ])('%s, is not', (_, outcomes) => {
    expect(dueAfter(100, outcomes)).toBe(false);
  });

  it('while it is fresh, is not: so would be the next', () => {
    const often = Array.from({ length: 20 }, () => refused(452));

    expect(dueAfter(0, often)).toBe(false);
    expect(dueAfter(9, often)).toBe(false);
  });

  it('again and again after so many messages, teaches a cap', () => {
    const learned = new LearnedCap();
    const often = Array.from({ length: 5 }, () => refused(452));

    dueAfter(100, often, learned);
    dueAfter(100, often, learned);
    expect(learned.value).toBe(Infinity);
    dueAfter(100, often, learned);

    expect(learned.value).toBe(100);
  });
});

describe('the age of a connection', () => {
  it.each([
    [0, 600_000],
    [0.5, 570_000],
    [1, 540_000],
  ])('with a random %f is at most %i ms', (chance, life) => {
    const given = withCap(5000, chance);
    vi.advanceTimersByTime(life - 1);
    expect(given.due(connection(1))).toBe(false);
    vi.advanceTimersByTime(1);

    expect(given.due(connection(1))).toBe(true);
  });
});

/** Assigns messages at a steady rate; at which of them a standby is asked for. */
function askedAt(
  given: Rotation,
  { from, to, everyMs }: { from: number; to: number; everyMs: number },
  setUpMs: number,
): number | undefined {
  for (let assigned = from; assigned <= to; assigned += 1) {
    vi.advanceTimersByTime(everyMs);
    if (given.nears(connection(assigned), setUpMs)) return assigned;
  }
  return undefined;
}

describe('a standby is asked for', () => {
  it.each([
    [1, 1],
    [4999, 5000],
    [5000, 5000],
  ])('when %i of %i messages are assigned, at any rate', (assigned, max) => {
    expect(withCap(max, 0).nears(connection(assigned), 0)).toBe(true);
  });

  it('when what is left takes no longer than two set-ups', () => {
    const steady = { from: 1, to: 1000, everyMs: 10 };

    expect(askedAt(withCap(1000, 0), steady, 500)).toBe(900);
  });

  it('once', () => {
    const given = withCap(100, 0);

    expect(given.nears(connection(99), 1)).toBe(true);
    expect(given.nears(connection(100), 1)).toBe(false);
  });

  it('when its age ends within two set-ups', () => {
    const given = withCap(5000, 0);
    vi.advanceTimersByTime(600_000 - 1001);
    expect(given.nears(connection(10), 500)).toBe(false);
    vi.advanceTimersByTime(1);

    expect(given.nears(connection(11), 500)).toBe(true);
  });

  it('not on a fresh connection', () => {
    const given = withCap(5000, 0);
    vi.advanceTimersByTime(100);

    expect(given.nears(connection(1), 300)).toBe(false);
  });

  it('in time when a burst follows a long pause', () => {
    const given = withCap(1000, 0);
    const slow = { from: 1, to: 500, everyMs: 1000 };
    expect(askedAt(given, slow, 100)).toBeUndefined();
    vi.advanceTimersByTime(60_000);
    const burst = { from: 501, to: 1000, everyMs: 1 };

    const asked = askedAt(given, burst, 100);
    expect(asked).toBeGreaterThanOrEqual(800);
    expect(asked).toBeLessThan(805);
  });

  it('late, not early, by the rate of a burst that is over', () => {
    const given = withCap(1000, 0);
    const burst = { from: 1, to: 500, everyMs: 1 };
    expect(askedAt(given, burst, 100)).toBeUndefined();
    const slow = { from: 501, to: 1000, everyMs: 1000 };

    expect(askedAt(given, slow, 100)).toBe(999);
  });
});
