import { getEventListeners } from 'node:events';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Cancellation } from '../../../lib/pool/cancellation.js';
import type { MailError } from '../../../lib/errors/mail-error.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

afterEach(() => {
  vi.useRealTimers();
});

function listenerOf(cancellation: Cancellation): MailError[] {
  const errors: MailError[] = [];
  cancellation.listen((error) => errors.push(error));
  return errors;
}

function abortListeners(signal: AbortSignal): number {
  return getEventListeners(signal, 'abort').length;
}

describe('a cancellation', () => {
  it('by signal is ABORTED, for the reason given', () => {
    const controller = new AbortController();
    const errors = listenerOf(new Cancellation(controller.signal, undefined));
    const reason = new Error('the user left');
    controller.abort(reason);

    expect(errors).toMatchObject([
      {
        code: 'ABORTED',
        retryable: true,
        deliveryState: 'not-sent',
        cause: reason,
      },
    ]);
  });

  it('by time is TIMED_OUT, naming the limit', () => {
    const errors = listenerOf(new Cancellation(undefined, 1500));
    vi.advanceTimersByTime(1499);
    expect(errors).toEqual([]);
    vi.advanceTimersByTime(1);

    expect(errors).toMatchObject([
      {
        code: 'TIMED_OUT',
        retryable: true,
        deliveryState: 'not-sent',
        message: expect.stringContaining('1500 ms'),
      },
    ]);
  });

  it('comes once, whichever is first', () => {
    const controller = new AbortController();
    const cancellation = new Cancellation(controller.signal, 10);
    const errors = listenerOf(cancellation);
    controller.abort();
    vi.advanceTimersByTime(100);

    expect(errors.map((error) => error.code)).toEqual(['ABORTED']);
    expect(cancellation.error).toBe(errors[0]);
  });

  it('stands at once with a signal that was aborted before', () => {
    const cancellation = new Cancellation(AbortSignal.abort(), 10);

    expect(cancellation.error).toMatchObject({ code: 'ABORTED' });
    expect(listenerOf(cancellation)).toEqual([cancellation.error]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is told to a listener that comes after it, at once', () => {
    const cancellation = new Cancellation(undefined, 10);
    vi.advanceTimersByTime(10);

    expect(listenerOf(cancellation)).toEqual([cancellation.error]);
  });

  it('is told to the last listener only', () => {
    const controller = new AbortController();
    const cancellation = new Cancellation(controller.signal, undefined);
    const first = listenerOf(cancellation);
    const second = listenerOf(cancellation);
    controller.abort();

    expect(first).toEqual([]);
    expect(second).toHaveLength(1);
  });

  it('may come while nobody listens', () => {
    const cancellation = new Cancellation(undefined, 10);
    expect(cancellation.error).toBeUndefined();
    vi.advanceTimersByTime(10);

    expect(cancellation.error).toMatchObject({ code: 'TIMED_OUT' });
  });

  it('lets go of clock and signal when it is disposed of', () => {
    const controller = new AbortController();
    const cancellation = new Cancellation(controller.signal, 10);
    const errors = listenerOf(cancellation);
    expect(abortListeners(controller.signal)).toBe(1);
    expect(vi.getTimerCount()).toBe(1);
    cancellation.dispose();

    expect(abortListeners(controller.signal)).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
    controller.abort();
    vi.advanceTimersByTime(100);
    expect(errors).toEqual([]);
    expect(cancellation.error).toBeUndefined();
  });

  it('leaves nothing on the signal when time comes first', () => {
    const controller = new AbortController();
    const cancellation = new Cancellation(controller.signal, 10);
    vi.advanceTimersByTime(10);

    expect(cancellation.error).toMatchObject({ code: 'TIMED_OUT' });
    expect(abortListeners(controller.signal)).toBe(0);
  });

  it('leaves no clock when the signal comes first', () => {
    const controller = new AbortController();
    const cancellation = new Cancellation(controller.signal, 10);
    controller.abort();

    expect(cancellation.error).toMatchObject({ code: 'ABORTED' });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves no listener on a signal that many sends share', () => {
    const { signal } = new AbortController();
    for (let i = 0; i < 100; i += 1) {
      new Cancellation(signal, undefined).dispose();
    }

    expect(abortListeners(signal)).toBe(0);
  });

  it('cancels its forks, each with the same error, whoever was disposed of', () => {
    const cancellation = new Cancellation(undefined, 10);
    const [first, second, third] = cancellation.fork(3);
    const errors = [first, second, third].map((fork) =>
      fork === undefined ? [] : listenerOf(fork),
    );
    second?.dispose();
    vi.advanceTimersByTime(10);

    expect(errors.map((heard) => heard.length)).toEqual([1, 0, 1]);
    expect(errors[0]?.[0]).toBe(cancellation.error);
  });

  it('makes forks that are cancelled when it is', () => {
    const cancellation = new Cancellation(AbortSignal.abort(), undefined);

    expect(cancellation.fork(1)[0]?.error).toMatchObject({ code: 'ABORTED' });
  });
});
