import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';

import { withMeasured } from '../../../bench/report/readme.js';

const ROOT = join(import.meta.dirname, '../../..');
const README = join(ROOT, 'README.md');
const PAGE =
  '| | measured | bar | aim | |\n|-|-|-|-|-|\n| CPU | 7 | 4 | 8 | holds |\n';
const MARKS =
  '<!-- measured: written by npm run bench -->\nstale\n<!-- end of measured -->';

describe('The measured table', () => {
  it('of README.md is that of docs/benchmarks.md', async () => {
    const page = readFileSync(join(ROOT, 'docs/benchmarks.md'), 'utf8');
    const readme = withMeasured(readFileSync(README, 'utf8'), page);

    const style = await resolveConfig(README);
    const wanted = await format(readme, { ...style, filepath: README });

    await expect(wanted).toMatchFileSnapshot(README);
  });

  it('takes the place of the one before, without the aims', () => {
    const readme = withMeasured(`a\n${MARKS}\nb`, PAGE);

    expect(readme).toContain('| CPU | 7 | 4 | holds |');
    expect(readme).not.toContain('stale');
    expect(readme).toMatch(/^a\n[\s\S]*\nb$/);
  });

  it.each([
    ['marks that are missing', 'a', PAGE],
    ['marks that are there twice', MARKS + MARKS, PAGE],
    ['a page without a table', MARKS, 'nothing'],
  ])('is refused for %s', (_, readme, page) => {
    expect(() => withMeasured(readme, page)).toThrow(/README.md|no table/);
  });
});
