import { expect, it } from 'vitest';

import type {
  MillionQueuedResult,
  MillionQueuedSettings,
} from './programs/million-queued.js';
import { median } from './programs/waiting.js';
import { recordFigures } from './support/figures.js';
import { RelayProcess, startProgram } from './support/programs.js';

const MESSAGES = 1_000_000;
const DELIVER = 100_000;

/** Whether the later of some times are like the earlier, single peaks apart. */
function expectFlat(times: readonly number[]): void {
  const half = Math.ceil(times.length / 2);
  const [early, late] = [times.slice(0, half), times.slice(half)];
  expect(median(late)).toBeLessThan(2 * median(early));
}

it('a million queued messages cost what few do, and end once each', async (test) => {
  const relay = await RelayProcess.start(
    test,
    { security: 'none', parse: false, keepMessages: 0 },
    [{ at: 'mail', sender: '' }],
  );
  const settings: MillionQueuedSettings = {
    relay: relay.options,
    messages: MESSAGES,
    step: 100_000,
    deliver: DELIVER,
  };
  const program = startProgram(test, 'million-queued', settings, [
    '--expose-gc',
    '--max-old-space-size=6144',
  ]);
  const { queued } = await program.next<{ queued: number }>();
  const { counters: early } = await relay.tell('release');
  program.say('go on');
  const result = await program.next<MillionQueuedResult>();
  const { counters } = await relay.tell('report');

  expect(queued).toBe(MESSAGES);
  expect(early.accepted).toBe(0);
  expect(result.queuedBytes).toBe(result.maxBytes);
  expect(result.refusedWith).toBe('QUEUE_FULL');
  const { enqueueUs, deliverUs, rejected } = result;
  expectFlat(enqueueUs);
  expectFlat(deliverUs);
  expect(result.shutdownMs).toBeLessThan(60_000);

  // Each promise settled once, and as the ledger and the relay have it.
  const { SHUT_DOWN: notSent = 0, OUTCOME_UNKNOWN: unknown = 0 } = rejected;
  expect(result.resolved).toBeGreaterThanOrEqual(DELIVER);
  expect(result.resolved + notSent + unknown).toBe(MESSAGES);
  expect(result.totals).toEqual({
    submitted: MESSAGES + 1,
    accepted: result.resolved,
    rejected: 0,
    unknown,
    // And the one that was one too many.
    notSent: notSent + 1,
    pending: 0,
  });
  expect(counters.accepted).toBeGreaterThanOrEqual(result.resolved);
  expect(counters.accepted).toBeLessThanOrEqual(result.resolved + unknown);
  recordFigures('queue', result);
});
