import { describe, it } from 'vitest';

import { STORE_RUNS } from '../docs/runs/stores.js';
import { expectToRun, runnable } from '../docs/support/expect-to-run.js';
import { blocksOf } from '../support/docs-blocks.js';

describe.each(Object.keys(STORE_RUNS))('The code of %s', (page) => {
  const blocks = runnable(blocksOf(page), STORE_RUNS[page]);

  it.each(blocks)('runs with a store: $name', ({ run, block }) =>
    expectToRun(run, block),
  );
});
