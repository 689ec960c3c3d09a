import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { shutDown } from '../../../lib/delivery/verdict-errors.js';
import { Sending } from './support/sending.js';

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'],
  });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a delivery whose next attempt the pool refuses at once', () => {
  it('ends, and leaves no timer behind', () => {
    const error = shutDown();
    const sending = new Sending({
      onSubmit: (parcel, number) => {
        if (number === 2) parcel.settle({ kind: 'not-sent', error });
      },
    });
    const reply = { code: 451, text: 'Try again later' };
    sending.end({ kind: 'rejected', reply, command: 'DATA', recipients: [] });
    vi.advanceTimersByTime(1000);

    expect(sending.errors).toEqual([error]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
