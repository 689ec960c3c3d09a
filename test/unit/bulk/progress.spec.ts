import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { MailError } from '../../../lib/errors/mail-error.js';
import { ManualRun } from './support/manual-run.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

const REFUSED = new MailError('REJECTED', 'No such user');

/** Ends the first one under way, after so many milliseconds. */
async function end(
  manual: ManualRun,
  afterMs: number,
  error?: MailError,
): Promise<void> {
  vi.advanceTimersByTime(afterMs);
  const [pending] = manual.pending;
  if (error === undefined) pending?.accept();
  else pending?.fail(error);
  await manual.step();
}

describe('the progress of a run', () => {
  it('tells how many have ended, how fast, and how long the rest takes', async () => {
    const manual = new ManualRun([1, 1, 1, 1, 1], { total: 5 });
    vi.advanceTimersByTime(60_000);
    const totals = Promise.resolve(manual.run);
    await manual.step();
    expect(manual.run.progress).toEqual({
      settled: 0,
      accepted: 0,
      failed: 0,
      ratePerSecond: 0,
    });
    await end(manual, 500);
    await end(manual, 500, REFUSED);

    expect(manual.run.progress).toEqual({
      settled: 2,
      accepted: 1,
      failed: 1,
      ratePerSecond: 2,
      etaMs: 1500,
    });
    // It is the average of the whole run.
    vi.advanceTimersByTime(1000);
    expect(manual.run.progress).toMatchObject({
      ratePerSecond: 1,
      etaMs: 3000,
    });
    for (let n = 0; n < 3; n += 1) await end(manual, 1000);
    await totals;
    vi.advanceTimersByTime(60_000);
    expect(manual.run.progress).toEqual({
      settled: 5,
      accepted: 4,
      failed: 1,
      ratePerSecond: 1,
      etaMs: 0,
    });
  });

  it('has no end in sight without a total, nor once it has ended early', async () => {
    const endless = new ManualRun([1, 1]);
    const settings = { total: 10, concurrency: 2, stopOnError: true };
    const stopped = new ManualRun(Array<number>(10).fill(1), settings);
    for (const manual of [endless, stopped]) {
      manual.bulk.startUnread();
      await manual.step();
      await end(manual, 100);
    }
    expect(endless.run.progress).not.toHaveProperty('etaMs');
    expect(stopped.run.progress).toHaveProperty('etaMs');
    await end(stopped, 100, REFUSED);
    await stopped.run;

    expect(stopped.run.progress).toMatchObject({ settled: 3, failed: 2 });
    expect(stopped.run.progress).not.toHaveProperty('etaMs');
  });
});
