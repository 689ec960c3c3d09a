import { expect, it } from 'vitest';

import type {
  MillionMergedResult,
  MillionMergedSettings,
} from './programs/million-merged.js';
import { recordFigures } from './support/figures.js';
import { startProgram } from './support/programs.js';

const RECIPIENTS = 1_000_000;
const STEP = 100_000;

// A recipient held would take half a kilobyte or more, all of them 500 MiB.
const FEW = 64 * 1024 * 1024;

it('a million recipients are merged without holding them', async (test) => {
  const settings: MillionMergedSettings = {
    recipients: RECIPIENTS,
    step: STEP,
  };
  const program = startProgram(test, 'million-merged', settings, [
    '--expose-gc',
  ]);
  const result = await program.next<MillionMergedResult>();

  const { awaited, iterated, messages } = result;
  for (const { used, accepted } of [awaited, iterated]) {
    expect(accepted).toBe(RECIPIENTS);
    expect(used).toHaveLength(RECIPIENTS / STEP + 1);
    expect(Math.max(...used) - Math.min(...used)).toBeLessThan(FEW);
  }
  // And 10 for each way, before it was measured.
  expect(messages).toBe(2 * (RECIPIENTS / 1000 + 10));
  recordFigures('merge', result);
});
