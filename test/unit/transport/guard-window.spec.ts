import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { GuardWindow } from '../../../lib/transport/guard-window.js';

function windowOf(messages: number, perMs: number): GuardWindow {
  return new GuardWindow({ messages, perMs, onExceeded: 'reject' });
}

describe('GuardWindow', () => {
  it('never has room for more in any window, and forgets within a tenth', () => {
    let full = 0;
    let freed = 0;

    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 200 }),
        fc.double({ min: 0, max: 1e7, noNaN: true }),
        fc.array(fc.double({ min: 0, max: 150, noNaN: true }), {
          minLength: 1,
          maxLength: 60,
        }),
        (messages, perMs, start, gaps) => {
          const window = windowOf(messages, perMs);
          const sent: number[] = [];
          let now = start;
          for (const gap of gaps) {
            now += gap;
            const within = (ms: number): number =>
              sent.filter((at) => now - at <= ms).length;
            const isFull = window.isFull(now);
            // The margin is for the rounding of times.
            expect(isFull || within(perMs) < messages).toBe(true);
            expect(!isFull || within(perMs * 1.1 + 0.001) >= messages).toBe(
              true,
            );
            if (isFull) full += 1;
            else {
              if (sent.length >= messages) freed += 1;
              window.add(now);
              sent.push(now);
            }
          }
        },
      ),
      { numRuns: 1000 },
    );

    expect(full).toBeGreaterThan(20);
    expect(freed).toBeGreaterThan(20);
  });

  it('begins a trip when none was for a whole window', () => {
    const window = windowOf(1, 1000);

    const begins = [0, 1, 1000, 2000, 3001, 4001].map((now) =>
      window.exceeded(now),
    );

    expect(begins).toEqual([true, false, false, false, true, false]);
  });
});
