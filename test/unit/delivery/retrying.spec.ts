import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { MailError } from '../../../lib/errors/mail-error.js';
import type { MailEvent } from '../../../lib/events/mail-event.js';
import type { SmtpConnection } from '../../../lib/smtp/smtp-connection.js';
import { rotation } from '../pool/support/rotation.js';
import { Sending, toldAll } from './support/sending.js';
import {
  accepted,
  BUSY,
  LATER,
  NEVER,
  OK,
  refused,
} from './support/verdicts.js';

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'],
  });
});

afterEach(() => {
  vi.useRealTimers();
});

/** What the pool was given, once `ms` have passed. */
function offeredAfter(sending: Sending, ms: number): boolean {
  vi.advanceTimersByTime(ms);
  return sending.job !== undefined;
}

describe('a message that is refused for now', () => {
  it.each(['MAIL FROM', 'RCPT TO', 'DATA'])(
    'by %s is offered again after its pause, and may be accepted',
    (command) => {
      const sending = new Sending();
      const recipients = [BUSY, BUSY];
      sending.end({ kind: 'rejected', reply: BUSY, command, recipients });
      expect(sending.settled).toBe(false);
      expect(offeredAfter(sending, 999)).toBe(false);
      expect(offeredAfter(sending, 1)).toBe(true);
      sending.end(accepted('abc', OK, OK));

      expect(sending.receipts).toMatchObject([
        {
          messageId: '<1@shop.example>',
          sendGridId: 'abc',
          attempts: 2,
          accepted: ['ada@example.com', 'bob@example.com'],
          recipients: [{ attempts: 2 }, { attempts: 2 }],
        },
      ]);
      expect(sending.places.ledger.totals).toMatchObject({ accepted: 1 });
      expect(vi.getTimerCount()).toBe(0);
    },
  );

  it('waits twice as long each time, and fails with the last reply', () => {
    const sending = new Sending({ lane: 'bulk' });
    for (const pause of [1000, 2000, 4000, 8000]) {
      sending.end(refused());
      expect(offeredAfter(sending, pause - 1)).toBe(false);
      expect(offeredAfter(sending, 1)).toBe(true);
    }
    sending.end(refused(BUSY));

    expect(sending.errors).toMatchObject([
      {
        code: 'REJECTED',
        retryable: true,
        deliveryState: 'not-sent',
        reply: BUSY,
        command: 'DATA',
      },
    ]);
    expect(sending.places.ledger.totals).toMatchObject({ rejected: 1 });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('goes first in its lane when it comes back', () => {
    const sending = new Sending();
    sending.end(refused());
    vi.advanceTimersByTime(1000);

    expect(sending.submitted).toEqual(['last', 'first']);
  });

  it('is in the queue since it was there first', () => {
    const sending = new Sending();
    const queuedAt = sending.parcel?.queuedAt;
    vi.advanceTimersByTime(50);
    sending.end(refused());
    vi.advanceTimersByTime(1000);

    expect(sending.parcel?.queuedAt).toBe(queuedAt);
  });

  it('is told of with whom it concerns, why, and for how long', async () => {
    const events: MailEvent[] = [];
    const sending = new Sending({ listener: (event) => events.push(event) });
    sending.end(refused());
    vi.advanceTimersByTime(1000);
    sending.end(accepted('abc', OK, BUSY));

    await toldAll();
    expect(events).toMatchObject([
      { type: 'deferred', attempt: 1, retryInMs: 1000, reply: LATER },
      { type: 'deferred', attempt: 2, retryInMs: 2000, reply: BUSY },
    ]);
    expect(events[0]).toHaveProperty('recipients.length', 2);
    expect(events[1]).toHaveProperty('recipients.length', 1);
  });

  it('for good is never offered again', () => {
    const sending = new Sending();
    sending.end(refused(NEVER));

    expect(sending.errors).toMatchObject([{ code: 'REJECTED', reply: NEVER }]);
    expect(vi.getTimerCount()).toBe(0);
    expect(sending.submitted).toEqual(['last']);
  });

  it('costs no attempt by moving between connections', () => {
    const sending = new Sending({ retry: { maxAttempts: 2 } });
    sending.end(refused(), 5);
    expect(offeredAfter(sending, 1000)).toBe(true);
    sending.end(accepted('abc', OK, OK), 3);

    expect(sending.receipts).toMatchObject([{ attempts: 8 }]);
  });
});

describe('the age of a message', () => {
  it('counts from its first attempt, not from when it was queued', () => {
    const sending = new Sending();
    vi.advanceTimersByTime(3_600_000);
    sending.end(refused());

    expect(sending.settled).toBe(false);
  });

  it('leaves no attempt that would begin too late', () => {
    const sending = new Sending({ retry: { baseDelayMs: 20_000 } });
    sending.end(refused());
    vi.advanceTimersByTime(20_000);
    sending.end(refused());

    expect(sending.errors).toMatchObject([{ code: 'REJECTED', reply: LATER }]);
  });

  it('stands still while sending is paused', () => {
    const sending = new Sending({ retry: { baseDelayMs: 10_000 } });
    sending.heldMs = 500;
    sending.end(refused());
    sending.heldMs = 90_501;
    vi.advanceTimersByTime(100_000);
    sending.end(refused());
    expect(sending.settled).toBe(false);
    vi.advanceTimersByTime(20_000);
    sending.end(refused());

    expect(sending.errors).toMatchObject([{ code: 'REJECTED' }]);
  });

  it('ends the wait for another attempt with EXPIRED', () => {
    const sending = new Sending();
    sending.end(refused());
    vi.advanceTimersByTime(29_999);
    expect(sending.settled).toBe(false);
    vi.advanceTimersByTime(1);

    expect(sending.errors).toMatchObject([
      {
        code: 'EXPIRED',
        retryable: true,
        deliveryState: 'not-sent',
        reply: LATER,
        recipients: [
          { state: 'not-sent', reply: LATER, attempts: 1 },
          { state: 'not-sent', reply: LATER, attempts: 1 },
        ],
      },
    ]);
    expect(sending.errors[0]?.message).toContain('`retry.maxAgeMs`');
    expect(sending.abandoned).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not end a wait while sending is paused, but after it', () => {
    const sending = new Sending();
    sending.end(refused());
    vi.advanceTimersByTime(1000);
    sending.heldMs = 60_000;
    vi.advanceTimersByTime(60_000);
    expect(sending.settled).toBe(false);
    vi.advanceTimersByTime(30_000);

    expect(sending.errors).toMatchObject([{ code: 'EXPIRED' }]);
  });

  it('does not end an attempt that is under way', () => {
    const sending = new Sending();
    sending.end(refused());
    vi.advanceTimersByTime(1000);
    // All of a connection that a parcel asks.
    const connection = { abort: () => 'unknown' } as unknown as SmtpConnection;
    sending.parcel?.boards(connection, rotation());
    vi.advanceTimersByTime(100_000);
    expect(sending.settled).toBe(false);
    sending.end(accepted('abc', OK, OK));

    expect(sending.receipts).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('never ends the wait for the first attempt', () => {
    const sending = new Sending();
    vi.advanceTimersByTime(3_600_000);

    expect(sending.settled).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a message that the pool ends at once', () => {
  const error = new MailError('RELAY_UNAVAILABLE', 'away');

  it('when it comes back leaves no timer behind', () => {
    const sending = new Sending();
    sending.end(refused());
    sending.endsAtOnce = { kind: 'not-sent', error };
    vi.advanceTimersByTime(1000);

    expect(sending.errors).toMatchObject([{ code: 'RELAY_UNAVAILABLE' }]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
