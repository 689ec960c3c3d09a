import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { isAbandoned } from '../../lib/delivery/abandoned.js';
import { anySteps } from '../support/model/commands.js';
import { FakeClock } from '../support/model/fake-clock.js';
import { ledgerWrongs } from '../support/model/ledger-wrongs.js';
import { Post, type PostOptions } from '../support/model/post.js';
import { seededRandom } from '../support/seeded-random.js';

/** MODEL_RUNS runs more of them. */
const RUNS = Number(process.env['MODEL_RUNS'] ?? 300);

/** Longer than the longest pause between two probes of an account. */
const LONG_MS = 2 * 3_600_000;

/** By then whatever was left behind has come to rest. */
const AFTER_MS = 5000;

const options: fc.Arbitrary<PostOptions> = fc.record({
  pool: fc.record({
    maxConnections: fc.integer({ min: 1, max: 3 }),
    maxMessagesPerConnection: fc.constantFrom(2, 5, 5000),
    pipelining: fc.constantFrom('off', 'envelope', 'oneflight', 'auto'),
  }),
  queue: fc.record({
    maxMessages: fc.constantFrom(1000, 1000, 5),
    maxBytes: fc.constantFrom(2 ** 26, 2 ** 26, 2 ** 26, 100),
    whenFull: fc.constantFrom('reject', 'wait'),
  }),
  retry: fc.record({
    maxAttempts: fc.constantFrom(4, 3, 2, 1),
    maxHoldMs: fc.constantFrom(120_000, 3_600_000),
    onUnknown: fc.constantFrom('fail', 'retry'),
  }),
});

const ending = fc.record({
  recovers: fc.boolean(),
  drainMs: fc.constantFrom(1013, 30_013),
});

/** With nothing in its way any more everything is settled some time. */
async function recover(post: Post): Promise<void> {
  post.relay.recover();
  post.relay.key = post.key;
  post.deliveries.setRateLimit(undefined);
  post.deliveries.resume();
  await post.clock.pass(LONG_MS, () => post.pending.length === 0);

  expect(post.pending).toEqual([]);
}

async function drain(post: Post, timeoutMs: number): Promise<void> {
  const before = post.deliveries.stats().totals;
  const { pending } = post;
  let over = false;
  const drained = post.deliveries.drain(timeoutMs).finally(() => {
    over = true;
  });
  await post.clock.pass(timeoutMs + 10_000, () => over);
  if (!over) throw new Error('it is not drained in time');
  const { abandoned, ...ends } = await drained;
  const { totals } = post.deliveries.stats();
  expect(ends).toEqual({
    accepted: totals.accepted - before.accepted,
    rejected: totals.rejected - before.rejected,
    unknown: totals.unknown - before.unknown,
    notSent: totals.notSent - before.notSent,
  });
  const wanted = pending.flatMap(({ messageId, told }) =>
    told?.as === 'notSent' && isAbandoned(told.error) ? [messageId] : [],
  );
  const given = abandoned.map(({ message }) => message.messageId);
  expect(new Set(given)).toEqual(new Set(wanted));
  expect(given).toHaveLength(wanted.length);
}

describe('whatever happens to the messages of one instance', () => {
  it(
    'the ledger is right after every step, and all settle in the end',
    { timeout: 3_600_000 },
    async () => {
      const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
      console.info(`seed ${seed} (set SEED to repeat)`);

      await fc.assert(
        fc.asyncProperty(
          options,
          anySteps,
          ending,
          fc.integer(),
          async (given, steps, { recovers, drainMs }, jitter) => {
            FakeClock.start();
            // Drawn as well, so that a run can be repeated.
            vi.spyOn(Math, 'random').mockImplementation(seededRandom(jitter));
            const post = await Post.open(given);
            try {
              await fc.asyncModelRun(() => ({ model: {}, real: post }), steps);
              if (recovers) await recover(post);
              await drain(post, drainMs);

              expect(post.pending).toEqual([]);
              expect(post.deliveries.stats().connections.open).toBe(0);
              expect(ledgerWrongs(post)).toEqual([]);
              await post.clock.pass(AFTER_MS);
              expect(vi.getTimerCount()).toBe(0);
            } finally {
              await post.stop();
              FakeClock.stop();
            }
          },
        ),
        { numRuns: RUNS, seed },
      );
    },
  );
});
