import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import { ManualRun } from './support/manual-run.js';

const unhandled = vi.fn<(reason: unknown) => void>();

beforeEach(() => {
  process.on('unhandledRejection', unhandled);
});

afterEach(() => {
  process.off('unhandledRejection', unhandled);
  unhandled.mockReset();
});

function* failing(): Generator<number> {
  yield 1;
  throw new Error('The cursor was lost');
}

it('a run that nobody waits for leaves no rejection unhandled', async () => {
  const manual = new ManualRun(failing());
  const iterator = manual.run[Symbol.asyncIterator]();
  const first = iterator.next();
  await manual.step();
  for (const pending of manual.pending) pending.accept();
  await first;
  for (let turn = 0; turn < 5; turn += 1) await manual.step();

  expect(manual.run.totals.stopped).toMatchObject({ reason: 'source' });
  expect(unhandled).not.toHaveBeenCalled();
  await expect(iterator.next()).rejects.toThrow('The cursor was lost');
  expect(await iterator.next()).toEqual({ done: true, value: undefined });
});
