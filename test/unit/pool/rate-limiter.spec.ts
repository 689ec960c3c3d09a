import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { RateLimiter } from '../../../lib/pool/rate-limiter.js';

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'],
  });
});

afterEach(() => {
  vi.useRealTimers();
});

let calls: number[] = [];

function limiter(messages: number, perMs: number): RateLimiter {
  calls = [];
  return new RateLimiter({ messages, perMs }, () =>
    calls.push(performance.now()),
  );
}

function send(rate: RateLimiter): void {
  rate.hold();
  rate.leave();
}

type Act = 'hold' | 'leave' | 'give-back' | number;

describe('RateLimiter', () => {
  it('never lets more leave in any window, and never withholds a slot', () => {
    const act = fc.oneof(
      fc.constantFrom<Act>('hold', 'hold', 'leave', 'give-back'),
      fc.integer({ min: 0, max: 60 }),
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 100 }),
        fc.array(act, { maxLength: 200 }),
        (messages, perMs, acts) => {
          const rate = limiter(messages, perMs);
          const left: number[] = [];
          let held = 0;
          for (const one of acts) {
            if (typeof one === 'number') vi.advanceTimersByTime(one);
            else if (one === 'hold' && rate.room > 0) {
              rate.hold();
              held += 1;
            } else if (one === 'leave' && held > 0) {
              rate.leave();
              held -= 1;
              left.push(performance.now());
            } else if (one === 'give-back' && held > 0) {
              rate.giveBack();
              held -= 1;
            }
            const since = performance.now() - perMs;
            const recent = left.filter((at) => at >= since).length;
            expect(recent + held).toBeLessThanOrEqual(messages);
            expect(rate.room).toBe(messages - recent - held);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('tells when the oldest has left the window', () => {
    const rate = limiter(2, 1000);
    const start = performance.now();
    send(rate);
    vi.advanceTimersByTime(300);
    send(rate);
    expect(rate.room).toBe(0);
    rate.wait();
    rate.wait();
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(700);
    expect(rate.room).toBe(0);
    vi.advanceTimersByTime(1);

    expect(calls).toEqual([start + 1001]);
    expect(rate.room).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('waits for what is held, until it leaves', () => {
    const rate = limiter(1, 1000);
    rate.hold();
    rate.wait();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(5000);
    rate.leave();
    vi.advanceTimersByTime(1000);
    expect(calls).toEqual([]);
    vi.advanceTimersByTime(1);

    expect(calls).toHaveLength(1);
  });

  it('tells at once, though not in the same turn, when a slot comes back', () => {
    const rate = limiter(1, 1000);
    rate.hold();
    rate.wait();
    rate.giveBack();
    expect(calls).toEqual([]);
    vi.advanceTimersByTime(1);

    expect(calls).toHaveLength(1);
  });

  it('tells earlier than it meant to when a slot comes back', () => {
    const rate = limiter(2, 1000);
    send(rate);
    rate.hold();
    rate.wait();
    vi.advanceTimersByTime(10);
    rate.giveBack();
    vi.advanceTimersByTime(1);

    expect(calls).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is not put off by what leaves meanwhile', () => {
    const rate = limiter(100, 1000);
    for (let n = 0; n < 20; n += 1) rate.hold();
    const armed = vi.spyOn(globalThis, 'setTimeout');
    rate.wait();
    for (let n = 0; n < 20; n += 1) rate.leave();

    expect(armed).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1);
    expect(calls).toHaveLength(1);
  });

  it('tells nobody once nothing waits', () => {
    const rate = limiter(1, 1000);
    send(rate);
    rate.wait();
    rate.rest();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(5000);
    send(rate);

    expect(calls).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([
    [1, 100],
    [10, 1000],
    [50, 60_000],
  ])('uses over nine tenths of %i messages in %i ms', (messages, perMs) => {
    let sent = 0;
    const rate = new RateLimiter({ messages, perMs }, () => sendAll());
    const sendAll = (): void => {
      for (; rate.room > 0; sent += 1) {
        rate.hold();
        // Until the relay is ready for the body.
        setTimeout(() => rate.leave(), perMs / 20);
      }
      rate.wait();
    };
    sendAll();
    vi.advanceTimersByTime(100 * perMs);

    expect(sent).toBeGreaterThan(90 * messages);
    expect(sent).toBeLessThanOrEqual(101 * messages);
  });
});

describe('a rate that is set at run time', () => {
  type Change = { messages: number; perMs: number } | 'lift';

  const change = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('hold', 'hold', 'leave') },
    { weight: 3, arbitrary: fc.integer({ min: 0, max: 60 }) },
    {
      weight: 1,
      arbitrary: fc.oneof(
        fc.constant<Change>('lift'),
        fc.record<Exclude<Change, 'lift'>>({
          messages: fc.integer({ min: 1, max: 5 }),
          perMs: fc.integer({ min: 1, max: 100 }),
        }),
      ),
    },
  );

  it('lets no more be given out than it allows, from then on', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 200 }), (changes) => {
        const rate = new RateLimiter(undefined, () => undefined);
        let limit: Exclude<Change, 'lift'> | undefined;
        let left: number[] = [];
        let held = 0;
        for (const one of changes) {
          if (typeof one === 'number') vi.advanceTimersByTime(one);
          else if (one === 'hold') {
            // What is given out without a limit holds no slot.
            if (rate.limited && rate.room > 0) {
              rate.hold();
              held += 1;
            }
          } else if (one === 'leave') {
            if (held === 0) continue;
            rate.leave();
            held -= 1;
            left.push(performance.now());
          } else {
            limit = typeof one === 'string' ? undefined : one;
            rate.set(limit);
            left = [];
          }
          const { messages = Infinity, perMs = 0 } = limit ?? {};
          const since = performance.now() - perMs;
          const recent = left.filter((at) => at >= since).length;
          expect(rate.room).toBeLessThanOrEqual(
            messages - Math.min(recent, messages) - held,
          );
        }
      }),
      { numRuns: 500 },
    );
  });

  it('when lowered counts what has left before', () => {
    const rate = limiter(10, 1000);
    for (let n = 0; n < 5; n += 1) send(rate);
    rate.set({ messages: 6, perMs: 1000 });
    expect(rate.room).toBe(1);
    rate.set({ messages: 3, perMs: 1000 });
    expect(rate.room).toBe(0);
    vi.advanceTimersByTime(1001);

    expect(rate.room).toBe(3);
  });

  it('when raised counts what has left before', () => {
    const rate = limiter(2, 1000);
    send(rate);
    vi.advanceTimersByTime(600);
    send(rate);
    rate.set({ messages: 5, perMs: 1000 });
    expect(rate.room).toBe(3);
    vi.advanceTimersByTime(401);

    expect(rate.room).toBe(4);
  });

  it('when lowered lets nothing leave until what is held is within it', () => {
    const rate = limiter(3, 1000);
    for (let n = 0; n < 3; n += 1) rate.hold();
    rate.set({ messages: 1, perMs: 1000 });
    expect(rate.room).toBe(-2);
    for (let n = 0; n < 3; n += 1) rate.leave();
    expect(rate.room).toBe(0);
    vi.advanceTimersByTime(1001);

    expect(rate.room).toBe(1);
  });

  it('when lifted holds nobody, and takes back what was held', () => {
    const rate = limiter(1, 1000);
    rate.hold();
    rate.set(undefined);
    expect(rate.limited).toBe(false);
    expect(rate.room).toBe(Infinity);
    rate.leave();
    rate.set({ messages: 1, perMs: 1000 });

    expect(rate.room).toBe(1);
  });
});

describe('what a rate has used', () => {
  it('is what has left in the window, and what is about to', () => {
    const rate = limiter(5, 1000);
    send(rate);
    vi.advanceTimersByTime(500);
    send(rate);
    rate.hold();
    expect(rate.used).toBe(3);
    vi.advanceTimersByTime(501);

    expect(rate.used).toBe(2);
  });

  it('is kept over limits that are lower', () => {
    const rate = limiter(5, 1000);
    for (let n = 0; n < 4; n += 1) send(rate);
    rate.hold();
    rate.set({ messages: 0, perMs: 1000 });
    rate.leave();
    expect(rate.used).toBe(5);
    expect(rate.room).toBe(0);
    rate.set({ messages: 8, perMs: 1000 });
    expect(rate.room).toBe(3);
    vi.advanceTimersByTime(1001);

    expect(rate.used).toBe(0);
    expect(rate.room).toBe(8);
  });

  it('of none lets nothing leave, however long', () => {
    const rate = limiter(1, 1000);
    send(rate);
    rate.set({ messages: 0, perMs: 1000 });
    rate.wait();
    vi.advanceTimersByTime(10_000);

    expect(calls).toEqual([]);
    expect(rate.room).toBe(0);
  });

  it('wakes those who wait when enough of it has left the window', () => {
    const rate = limiter(4, 1000);
    const start = performance.now();
    for (let n = 0; n < 4; n += 1) {
      send(rate);
      vi.advanceTimersByTime(100);
    }
    rate.set({ messages: 2, perMs: 1000 });
    rate.wait();
    vi.advanceTimersByTime(5000);

    expect(calls).toEqual([start + 1201]);
  });
});
