import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { purged, shutDown } from '../../../lib/delivery/verdict-errors.js';
import { Sending } from './support/sending.js';

const LATER = { code: 451, text: 'later' };
const NEVER = { code: 550, text: 'never' };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** One recipient is refused for good, and one for now. */
function refused(sending: Sending): void {
  sending.end({
    kind: 'rejected',
    reply: NEVER,
    command: 'RCPT TO',
    recipients: [NEVER, LATER],
  });
}

describe('a delivery that is given up after an attempt', () => {
  it('says how each recipient has ended', () => {
    const sending = new Sending();
    refused(sending);
    const reason = shutDown();
    sending.delivery.giveUp(reason);

    const [error] = sending.errors;
    const { code, message, scope, retryable } = reason;
    expect(error).toMatchObject({ code, message, scope, retryable });
    expect(error?.recipients).toMatchObject([
      { address: 'ada@example.com', state: 'rejected', reply: NEVER },
      { address: 'bob@example.com', state: 'not-sent', reply: LATER },
    ]);
  });

  it('by the pool says so, too', () => {
    const sending = new Sending();
    refused(sending);
    vi.advanceTimersByTime(1000);
    sending.end({ kind: 'not-sent', error: shutDown() });

    expect(sending.errors[0]?.recipients).toMatchObject([
      { state: 'rejected' },
      { state: 'not-sent' },
    ]);
  });

  it('leaves alone an error that others share', () => {
    const reason = purged();
    for (const sending of [new Sending(), new Sending()]) {
      refused(sending);
      sending.delivery.giveUp(reason);
    }

    expect(reason.recipients).toBeUndefined();
  });
});

describe('a delivery that the pool ends as it is submitted again', () => {
  it('leaves no timer behind', () => {
    let submissions = 0;
    const sending = new Sending({
      onSubmit: (parcel) => {
        submissions += 1;
        if (submissions === 1) return;
        parcel.settle({ kind: 'not-sent', error: shutDown() });
      },
    });
    refused(sending);
    vi.advanceTimersByTime(1000);

    expect(sending.errors).toMatchObject([{ code: 'SHUT_DOWN' }]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
