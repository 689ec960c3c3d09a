import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import {
  sameSender,
  SenderPauses,
} from '../../../lib/delivery/sender-pauses.js';

const REPLY = { code: 550, text: 'not verified' };
const SENDER = 'News@Shop.example';
const MINUTE = 60_000;

let senders: SenderPauses;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  vi.advanceTimersByTime(1000);
  senders = new SenderPauses();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A message of the sender is begun and refused. */
function refuse(sender = SENDER): number | undefined {
  return senders.refused(sender, REPLY, performance.now());
}

describe('a sender that was refused', () => {
  it('is not tried at first, and the error says why', () => {
    expect(senders.refusal(SENDER)).toBeUndefined();
    expect(refuse()).toBe(MINUTE);

    expect(senders.refusal(SENDER)).toMatchObject({
      code: 'SENDER',
      scope: 'sender',
      retryable: true,
      deliveryState: 'not-sent',
      reply: REPLY,
      message: expect.stringContaining('550 not verified'),
    });
    expect(senders.size).toBe(1);
  });

  it('is known in any letter case, and no other is paused', () => {
    refuse();

    expect(senders.refusal('news@shop.EXAMPLE')).toBeDefined();
    expect(senders.refusal('hello@shop.example')).toBeUndefined();
  });

  it('is tried by one message after 1, 5, 15, then every 60 minutes', () => {
    const delays = Array.from({ length: 6 }, () => {
      const delay = refuse() ?? 0;
      vi.advanceTimersByTime(delay - 1);
      expect(senders.refusal(SENDER)).toBeDefined();
      vi.advanceTimersByTime(1);
      expect(senders.refusal(SENDER)).toBeUndefined();
      expect(senders.refusal(SENDER)).toBeDefined();
      return delay / MINUTE;
    });

    expect(delays).toEqual([1, 5, 15, 60, 60, 60]);
  });

  it('is tried by another when nothing was heard of the one', () => {
    refuse();
    vi.advanceTimersByTime(MINUTE);
    expect(senders.refusal(SENDER)).toBeUndefined();
    vi.advanceTimersByTime(MINUTE);

    expect(senders.refusal(SENDER)).toBeUndefined();
  });

  it('is news once, however many messages were under way', () => {
    const startedAt = performance.now();
    vi.advanceTimersByTime(10);
    expect(refuse()).toBe(MINUTE);
    vi.advanceTimersByTime(10);

    expect(senders.refused(SENDER, REPLY, startedAt)).toBeUndefined();
    vi.advanceTimersByTime(MINUTE - 10);
    expect(senders.refusal(SENDER)).toBeUndefined();
  });

  it('is free again when a message of it passes', () => {
    refuse();
    vi.advanceTimersByTime(MINUTE);
    senders.refusal(SENDER);
    senders.passed('news@shop.example', performance.now());

    expect(senders.refusal(SENDER)).toBeUndefined();
    expect(senders.refusal(SENDER)).toBeUndefined();
    expect(senders.size).toBe(0);
    expect(refuse()).toBe(MINUTE);
  });

  it('is not freed by what was begun before it was refused', () => {
    const startedAt = performance.now();
    vi.advanceTimersByTime(10);
    refuse();
    senders.passed(SENDER, startedAt);

    expect(senders.refusal(SENDER)).toBeDefined();
  });

  it('is not freed by others that pass', () => {
    refuse();
    senders.passed('hello@shop.example', performance.now());

    expect(senders.size).toBe(1);
  });
});

describe('a thousand senders', () => {
  it('are remembered, and of more the one refused longest ago is not', () => {
    for (let n = 0; n < 1000; n += 1) refuse(`${n}@shop.example`);
    refuse('0@shop.example');
    refuse('1000@shop.example');

    expect(senders.size).toBe(1000);
    expect(senders.refusal('1@shop.example')).toBeUndefined();
    expect(senders.refusal('0@shop.example')).toBeDefined();
    expect(senders.refusal('1000@shop.example')).toBeDefined();
  });
});

describe('two senders', () => {
  it('are the same in any letter case', () => {
    expect(sameSender('A@x.example', 'a@X.example')).toBe(true);
    expect(sameSender('a@x.example', 'b@x.example')).toBe(false);
    expect(sameSender(undefined, 'a@x.example')).toBe(false);
  });
});
