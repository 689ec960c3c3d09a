import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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
});
