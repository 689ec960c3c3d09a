import { describe, expect, it } from 'vitest';

import { blocksOf, PAGES } from '../support/docs-blocks.js';
import { ALL_RUNS } from './all-runs.js';
import { STORE_RUNS } from './runs/stores.js';
import { expectToRun, loadOf, runnable } from './support/expect-to-run.js';
import { IS_A_TEST, NEEDS_A_STORE } from './support/run.js';

describe.each(PAGES)('The code of %s', async (page) => {
  const runs = ALL_RUNS[page] ?? {};
  const blocks = blocksOf(page).filter(({ language }) => language === 'ts');

  it.each(runnable(blocks, runs))('runs: $name', ({ run, block }) =>
    expectToRun(run, block),
  );

  // They tell vitest of their tests when they are loaded.
  const tests = blocks.filter(({ name }) => runs[name] === IS_A_TEST);
  for (const block of tests) await loadOf(block)();

  it('is run, or has a reason not to be', () => {
    const elsewhere = Object.keys(STORE_RUNS[page] ?? {});
    const needing = Object.keys(runs).filter(
      (name) => runs[name] === NEEDS_A_STORE,
    );

    expect(Object.keys(runs).toSorted()).toEqual(
      blocks.map(({ name }) => name).toSorted(),
    );
    expect(elsewhere.toSorted()).toEqual(needing.toSorted());
  });
});
