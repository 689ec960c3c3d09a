import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { SendOutcome } from '../../../lib/bulk/send-outcome.js';
import { MailError } from '../../../lib/errors/mail-error.js';
import { ManualRun } from './support/manual-run.js';

const REFUSED = new MailError('REJECTED', 'No such user', { command: 'RCPT' });
const UNKNOWN = new MailError('OUTCOME_UNKNOWN', 'No reply', {
  scope: 'connection',
  deliveryState: 'unknown',
});
const SENDER = new MailError('SENDER', 'Not verified', { scope: 'sender' });
const ACCOUNT = new MailError('ACCOUNT', 'No credits', { scope: 'account' });
const SHUT_DOWN = new MailError('SHUT_DOWN', 'Closed', { scope: 'connection' });
const PURGED = new MailError('ABORTED', 'Purged');

/** What is not to be sent again. */
const DONE = [undefined, REFUSED, UNKNOWN, PURGED];
const FAULTS = [SENDER, ACCOUNT, SHUT_DOWN];

/** How one of those under way ends: which, and with what. */
const ending = fc.record({
  which: fc.nat(),
  error: fc.oneof(
    { weight: 10, arbitrary: fc.constantFrom(...DONE) },
    { weight: 1, arbitrary: fc.constantFrom(...FAULTS) },
  ),
});

interface Ending {
  readonly which: number;
  readonly error: MailError | undefined;
}

/** Whether an outcome leaves its message to be sent again. */
function isLeft(outcome: SendOutcome): boolean {
  if (outcome.status === 'accepted') return false;
  const { error } = outcome;
  return FAULTS.includes(error) || isTakenBack(error);
}

function isTakenBack(error: MailError): boolean {
  return error.code === 'ABORTED' && error.message.includes('was stopped');
}

/** The last index up to which every message has an outcome, and none is left. */
function markOf(outcomes: readonly SendOutcome[]): number {
  const done = new Set(
    outcomes.filter((one) => !isLeft(one)).map(({ index }) => index),
  );
  let mark = -1;
  while (done.has(mark + 1)) mark += 1;
  return mark;
}

async function play(counts: number[], endings: Ending[]): Promise<void> {
  const manual = new ManualRun(counts);
  const outcomes: SendOutcome[] = [];
  const reading = (async (): Promise<void> => {
    for await (const outcome of manual.run) outcomes.push(outcome);
  })();
  await manual.step();
  let next = 0;
  while (manual.pending.size > 0) {
    const { which, error } = endings[next % endings.length] ?? { which: 0 };
    next += 1;
    const pending = [...manual.pending][which % manual.pending.size];
    if (error === undefined) pending?.accept();
    else pending?.fail(error);
    await manual.step();
    expect(manual.run.totals.lowWatermark).toBe(markOf(outcomes));
    expect(manual.run.totals.settled).toBe(outcomes.length);
  }
  await reading;
  const { lowWatermark, stopped } = await manual.run;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const last = stopped === undefined ? total - 1 : markOf(outcomes);
  expect(lowWatermark).toBe(last);
  expect(manual.warned).toHaveLength(stopped === undefined ? 0 : 1);
}

describe('the low watermark of a run', () => {
  it('is up to where nothing is left to send, in whatever order messages end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 3 }), {
          maxLength: 30,
          size: 'max',
        }),
        fc.array(ending, { minLength: 1, maxLength: 40, size: 'max' }),
        play,
      ),
      { numRuns: 300 },
    );
  });
});
