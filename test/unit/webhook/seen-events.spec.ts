import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FingerprintSet } from '../../../lib/webhook/intake/fingerprint-set.js';
import { Fingerprint } from '../../../lib/webhook/intake/fingerprint.js';
import { MemorySeenEvents } from '../../../lib/webhook/intake/seen-events.js';

describe('MemorySeenEvents', () => {
  it('knows what it was given before, also within one call', () => {
    const seen = new MemorySeenEvents();

    expect(seen.enter(['a', 'b', 'a'])).toEqual([true, true, false]);
    expect(seen.enter(['b', 'c'])).toEqual([false, true]);
  });

  it('never holds more than its bound, and never forgets the latest half', () => {
    const ids = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 200 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), ids, (max, entered) => {
        const seen = new MemorySeenEvents(max);
        const half = Math.max(1, Math.floor(max / 2));
        const distinct: string[] = [];
        for (const id of entered.map(String)) {
          const [isNew] = seen.enter([id]);
          const isRecent = distinct.slice(-half).includes(id);
          if (isRecent && isNew === true) return false;
          if (!distinct.includes(id) && isNew === false) return false;
          if (isNew === true) distinct.push(id);
        }
        return seen.size <= Math.max(2, max);
      }),
    );
  });

  it('tells hundreds of thousands of ids apart, however alike', () => {
    const seen = new MemorySeenEvents(400_000);
    const count = 20_000;
    const id = (n: number): string => String(n).padStart(22, '0');
    const of = (write: (n: number) => string): string[] =>
      Array.from({ length: count }, (_, n) => write(n));
    const ids = [
      ...of(id),
      ...of((n) => `${id(n)}-0`),
      ...of((n) =>
        Buffer.from(`bounce-${n}-1-${id(n)}-0`).toString('base64url'),
      ),
      ...of((n) => [...id(n)].toReversed().join('') + id(n)),
      ...of((n) => '\u0000'.repeat(n % 500) + String(n)),
      ...of((n) => `a${id(n)}`),
      ...of((n) => `b${id(n)}`),
      ...of((n) => `${id(n)}a`),
      ...of((n) => `${id(n)}b`),
      ...of((n) => id(n) + id(n)),
    ];

    const taken = seen.enter(ids).filter(Boolean);

    expect(taken).toHaveLength(new Set(ids).size);
    expect(seen.enter(ids).some(Boolean)).toBe(false);
    expect(seen.size).toBe(taken.length);
  });

  it.each([0, -1, Number.NaN, 50_000_001])('refuses to keep %d', (max) => {
    expect(() => new MemorySeenEvents(max)).toThrow(
      'takes a number of ids from 1 to 50000000',
    );
  });
});

describe('FingerprintSet', () => {
  it('finds what it holds when searches begin at one place and go round', () => {
    const set = new FingerprintSet(4);
    const ends = [7, 15, 23, 31].map((low) => at(low, 1));
    for (const one of ends) set.add(one);
    for (const one of ends) set.add(one);

    expect(set.size).toBe(4);
    expect(ends.map((one) => set.has(one))).toEqual([true, true, true, true]);
    expect([at(39, 1), at(7, 2), at(0, 1)].map((one) => set.has(one))).toEqual([
      false,
      false,
      false,
    ]);
    set.clear();
    expect([set.size, ...ends.map((one) => set.has(one))]).toEqual([
      0,
      false,
      false,
      false,
      false,
    ]);
  });
});

function at(low: number, high: number): Fingerprint {
  return Object.assign(new Fingerprint(), { low, high });
}
