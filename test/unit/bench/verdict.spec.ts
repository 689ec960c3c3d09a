import { describe, expect, it } from 'vitest';
import { verdictTable } from '../../../bench/report/markdown.js';
import { holds, type Verdict } from '../../../bench/report/section.js';

const AT_LEAST: Verdict = {
  what: 'CPU',
  measured: { median: 8, min: 7, max: 9 },
  want: 'at least',
  bar: 8,
  unit: 'times ours',
};
const AT_MOST: Verdict = { ...AT_LEAST, want: 'at most', bar: 7.9 };

describe('a bar of the bench', () => {
  it('is kept or missed by the median', () => {
    expect(holds(AT_LEAST)).toBe(true);
    expect(holds({ ...AT_LEAST, bar: 8.1 })).toBe(false);
    expect(holds({ ...AT_MOST, bar: 8 })).toBe(true);
    expect(holds(AT_MOST)).toBe(false);
  });

  it('is shown as missed where it is', () => {
    const [, , kept, missed] = verdictTable([AT_LEAST, AT_MOST]).split('\n');

    expect(kept).toContain('| at least 8 |');
    expect(kept).toContain('| holds |');
    expect(missed).toContain('| **missed** |');
  });
});
