import { afterEach, describe, expect, it } from 'vitest';
import type { Pipelining } from '../../../lib/options/resolved-options.js';
import { FakeSendGrid } from '../../../lib/testing/fake-sendgrid.js';
import { acceptedBy, findingsOn } from '../../support/cut-findings.js';
import {
  cutOptions,
  runCutSession,
  type CutSession,
} from '../../support/cut-session.js';
import type { Direction } from '../../support/cutting-proxy.js';
import { inParallel } from '../../support/in-parallel.js';
import { seededRandom } from '../../support/seeded-random.js';

let relay: FakeSendGrid;
afterEach(() => relay.stop());

const AT_ONCE = 50;
const CUTS = 120;
const MESSAGES = 3;

/** Cuts at random bytes, spread evenly over both directions and both ways. */
function randomCuts(
  passed: Readonly<Record<Direction, string>>,
  random: () => number,
): CutSession[] {
  return Array.from({ length: CUTS }, (_, n) => {
    const direction = n % 2 === 0 ? 'up' : 'down';
    const after = Math.floor(random() * (passed[direction].length + 1));
    const how = n % 4 < 2 ? 'drop' : 'half-close';
    const name = `cut ${n}, ${how} ${direction} after ${after}`;
    return { name, messages: MESSAGES, cut: { direction, after, how } };
  });
}

describe.each(['implicit', 'starttls'] as const)(
  'a session over TLS (%s) cut at random bytes',
  (security) => {
    it.each<Pipelining>(['off', 'envelope', 'oneflight'])(
      'loses, duplicates and misreports nothing, pipelining %s',
      { timeout: 120_000 },
      async (pipelining) => {
        const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
        console.info(`seed ${seed} (set SEED to repeat)`);
        relay = await FakeSendGrid.start({ security, parse: false });
        const options = cutOptions(relay, pipelining);
        const whole = await runCutSession(options, {
          name: 'uncut',
          messages: MESSAGES,
        });
        expect(whole).toMatchObject({ connections: 1 });
        expect(whole.verdicts).toEqual(['accepted', 'accepted', 'accepted']);

        const reports = await inParallel(
          AT_ONCE,
          randomCuts(whole.passed, seededRandom(seed)),
          (session) => runCutSession(options, session),
        );
        await relay.waitUntil(({ open }) => open === 0);

        const accepted = acceptedBy(relay);
        expect(
          reports.flatMap((report) => findingsOn(report, accepted)),
        ).toEqual([]);
      },
    );
  },
);
