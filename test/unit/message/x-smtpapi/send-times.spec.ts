import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { compiled, refusalOfFields } from './compiled.js';

const NOW = 1_800_000_000;
const HOURS_72 = 72 * 60 * 60;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('A time to send at', () => {
  it('is in seconds, also from a date', () => {
    expect(compiled({ sendAt: NOW + 60 })).toEqual({ send_at: NOW + 60 });
    expect(compiled({ sendAt: new Date(NOW * 1000 + 999) })).toEqual({
      send_at: NOW,
    });
    expect(compiled({ sendEachAt: [NOW, new Date((NOW + 1) * 1000)] })).toEqual(
      { send_each_at: [NOW, NOW + 1] },
    );
  });

  it.each<[string, number, number, string]>([
    ['72 hours ahead', NOW + HOURS_72, NOW + HOURS_72 + 1, '72 hours ahead'],
    ['5 minutes ago', NOW - 300, NOW - 301, '5 minutes in the past'],
  ])('may be %s, and no second more', async (_limit, fits, over, text) => {
    expect(compiled({ sendAt: fits })).toEqual({ send_at: fits });
    expect(await refusalOfFields({ sendAt: over })).toContain(
      '`sendgrid.sendAt` is more than ',
    );
    expect(await refusalOfFields({ sendEachAt: [fits, over] })).toContain(text);
  });

  it.each<[string, unknown, string]>([
    ['milliseconds', NOW * 1000, 'looks like milliseconds'],
    ['a fraction', NOW + 0.5, 'whole seconds'],
    ['text', '2027-01-01', 'whole seconds'],
    ['no date', new Date(NaN), 'whole seconds'],
  ])('is refused as %s', async (_label, sendAt, text) => {
    expect(await refusalOfFields({ sendAt })).toContain(text);
  });

  it('is for all or for each, and never both', async () => {
    const both = { sendAt: NOW, sendEachAt: [NOW] };

    expect(await refusalOfFields(both)).toContain(
      'has both `sendAt` and `sendEachAt`',
    );
    expect(compiled({ ...both, sendAt: null })).toEqual({
      send_each_at: [NOW],
    });
  });
});
