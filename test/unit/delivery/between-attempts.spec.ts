import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { shutDown } from '../../../lib/delivery/verdict-errors.js';
import { Cancellation } from '../../../lib/pool/cancellation.js';
import { Sending } from './support/sending.js';
import { accepted, BUSY, LATER, OK, refused } from './support/verdicts.js';

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'],
  });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a message given up between two attempts', () => {
  function cancellable(retry = {}): [Sending, AbortController] {
    const controller = new AbortController();
    const cancellation = new Cancellation(controller.signal, undefined);
    return [new Sending({ cancellation, retry }), controller];
  }

  it('by its signal is not sent', () => {
    const [sending, controller] = cancellable();
    sending.end(refused());
    controller.abort();

    expect(sending.errors).toMatchObject([
      {
        code: 'ABORTED',
        deliveryState: 'not-sent',
        recipients: [{ state: 'not-sent', reply: LATER }, {}],
      },
    ]);
    expect(sending.abandoned).toEqual([]);
    expect(sending.places.ledger.totals).toMatchObject({ notSent: 1 });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('by its time limit is not sent', () => {
    const cancellation = new Cancellation(undefined, 500);
    const sending = new Sending({ cancellation });
    sending.end(refused());
    vi.advanceTimersByTime(500);

    expect(sending.errors).toMatchObject([
      { code: 'TIMED_OUT', deliveryState: 'not-sent' },
    ]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('by the shutdown is not sent', () => {
    const sending = new Sending();
    sending.end(refused());
    sending.places.revokeAll(shutDown());

    expect(sending.errors).toMatchObject([
      { code: 'SHUT_DOWN', deliveryState: 'not-sent' },
    ]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('resolves when some had been accepted', () => {
    const [sending, controller] = cancellable();
    sending.end(accepted('first', OK, BUSY));
    controller.abort();

    expect(sending.errors).toEqual([]);
    expect(sending.receipts).toMatchObject([
      {
        sendGridId: 'first',
        accepted: ['ada@example.com'],
        rejected: ['bob@example.com'],
        recipients: [
          { state: 'accepted' },
          { state: 'not-sent', reply: BUSY, attempts: 1 },
        ],
      },
    ]);
  });

  it('without an attempt before says nothing of recipients', () => {
    const [sending, controller] = cancellable();
    controller.abort();

    expect(sending.errors[0]).toMatchObject({ code: 'ABORTED' });
    expect(sending.errors[0]).not.toHaveProperty('recipients');
  });
});
