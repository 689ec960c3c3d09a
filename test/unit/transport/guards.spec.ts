import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { isMailError } from '../../../lib/errors/mail-error.js';
import type { ResolvedGuards } from '../../../lib/options/resolved-options.js';
import type { GuardTrip } from '../../../lib/transport/guard-trip.js';
import { Guards } from '../../../lib/transport/guards.js';

const ADA = 'ada@example.com';
const BOB = 'bob@example.com';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

let trips: GuardTrip[] = [];

function guards(limits: Partial<ResolvedGuards>): Guards {
  trips = [];
  const all = { perRecipient: undefined, total: undefined, ...limits };
  return new Guards(all, (trip) => trips.push(trip));
}

function limit(
  messages: number,
  onExceeded: 'warn' | 'reject',
): NonNullable<ResolvedGuards['total']> {
  return { messages, perMs: 1000, onExceeded };
}

function admit(guarded: Guards, ...recipients: string[]): string {
  try {
    guarded.admit(recipients);
    return 'sent';
  } catch (error) {
    return isMailError(error) ? `${error.code} ${error.scope}` : 'thrown';
  }
}

describe('Guards', () => {
  it('refuse what is too many to one recipient, and nobody else’s mail', () => {
    const guarded = guards({ perRecipient: limit(2, 'reject') });

    const outcomes = [ADA, ADA, ADA, BOB].map((one) => admit(guarded, one));

    expect(outcomes).toEqual(['sent', 'sent', 'GUARD recipient', 'sent']);
    expect(trips).toEqual([
      {
        guard: 'perRecipient',
        limit: limit(2, 'reject'),
        recipient: ADA,
      },
    ]);
  });

  it('count a recipient in any case, and once in one message', () => {
    const guarded = guards({ perRecipient: limit(2, 'reject') });

    expect(admit(guarded, ADA, 'ADA@example.com')).toBe('sent');
    expect(admit(guarded, 'Ada@Example.com')).toBe('sent');
    expect(admit(guarded, ADA)).toBe('GUARD recipient');
  });

  it('refuse a message with one recipient too many, and do not count it', () => {
    const guarded = guards({
      perRecipient: limit(1, 'reject'),
      total: limit(3, 'reject'),
    });

    expect(admit(guarded, ADA)).toBe('sent');
    expect(admit(guarded, BOB, ADA)).toBe('GUARD recipient');
    expect(admit(guarded, BOB)).toBe('sent');
    expect(admit(guarded, 'carl@example.com')).toBe('sent');
    expect(admit(guarded, 'dora@example.com')).toBe('GUARD message');
  });

  it('count a message once in the total, whatever its recipients', () => {
    const guarded = guards({ total: limit(2, 'reject') });

    expect(admit(guarded, ADA, BOB)).toBe('sent');
    expect(admit(guarded, ADA, BOB)).toBe('sent');
    expect(admit(guarded, 'carl@example.com')).toBe('GUARD message');
  });

  it('let messages pass again when earlier ones have left the window', () => {
    const guarded = guards({ total: limit(1, 'reject') });

    expect(admit(guarded, ADA)).toBe('sent');
    vi.advanceTimersByTime(999);
    expect(admit(guarded, ADA)).toBe('GUARD message');
    vi.advanceTimersByTime(102);
    expect(admit(guarded, ADA)).toBe('sent');
  });

  it.each(['warn', 'reject'] as const)(
    'tell of a trip once, and of the next when a window was quiet: %s',
    (onExceeded) => {
      const guarded = guards({ total: limit(1, onExceeded) });

      for (let n = 0; n < 50; n += 1) {
        admit(guarded, ADA);
        admit(guarded, ADA);
        vi.advanceTimersByTime(100);
      }
      expect(trips).toHaveLength(1);

      vi.advanceTimersByTime(1200);
      admit(guarded, ADA);
      expect(trips).toHaveLength(1);
      admit(guarded, ADA);
      expect(trips).toHaveLength(2);
    },
  );

  it('only tell, where they warn', () => {
    const guarded = guards({
      perRecipient: limit(1, 'warn'),
      total: limit(2, 'warn'),
    });

    const outcomes = Array.from({ length: 5 }, () => admit(guarded, ADA));

    expect(outcomes).toEqual(Array(5).fill('sent'));
    expect(trips.map(({ guard }) => guard)).toEqual(['perRecipient', 'total']);
  });

  it('remember 10,000 recipients, those written to last', () => {
    const guarded = guards({ perRecipient: limit(1, 'reject') });
    admit(guarded, ADA);
    admit(guarded, BOB);
    for (let n = 0; n < 9998; n += 1) admit(guarded, `user${n}@example.com`);

    expect(admit(guarded, ADA)).toBe('GUARD recipient');
    admit(guarded, 'one.more@example.com');

    expect(admit(guarded, ADA)).toBe('GUARD recipient');
    expect(admit(guarded, BOB)).toBe('sent');
  });

  it('say what happened and what to do, without the address', () => {
    const guarded = guards({ perRecipient: limit(1, 'reject') });
    guarded.admit([ADA]);

    const refuse = (): void => guarded.admit([ADA]);

    expect(refuse).toThrow(
      'The guard `guards.perRecipient` takes 1 messages in 1000 ms to one recipient at example.com for usual, and there were more. This one was not sent. Look for a loop',
    );
    expect(refuse).toThrow(
      expect.objectContaining({ retryable: true, deliveryState: 'not-sent' }),
    );
  });
});
