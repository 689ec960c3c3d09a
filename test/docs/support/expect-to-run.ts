import { join } from 'node:path';

import { type Block, BLOCKS_FOLDER } from '../../support/docs-blocks.js';
import type { Load, NotRun, Run, Runs } from './run.js';

/** Loads a block as the module that it was written as. */
export function loadOf({ file }: Block): Load {
  return async <Exports>() =>
    (await import(join(BLOCKS_FOLDER, file))) as Exports;
}

/** The blocks that are run, with what running them has to show. */
export function runnable(
  blocks: readonly Block[],
  runs: Runs = {},
): { name: string; block: Block; run: Run }[] {
  return blocks.flatMap((block) => {
    const run: Run | NotRun | undefined = runs[block.name];
    const { name } = block;
    return typeof run === 'function' ? [{ name, block, run }] : [];
  });
}

/** Runs a block; what it has to show is expected there. */
export async function expectToRun(run: Run, block: Block): Promise<void> {
  await run(loadOf(block));
}
