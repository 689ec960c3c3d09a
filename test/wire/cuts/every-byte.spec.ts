import { afterEach, describe, expect, it } from 'vitest';
import type { Pipelining } from '../../../lib/options/resolved-options.js';
import { FakeSendGrid } from '../../../lib/testing/fake-sendgrid.js';
import { acceptedBy, findingsOn } from '../../support/cut-findings.js';
import {
  cutOptions,
  runCutSession,
  type CutSession,
} from '../../support/cut-session.js';
import type { Cut, Direction } from '../../support/cutting-proxy.js';
import { inParallel } from '../../support/in-parallel.js';

let relay: FakeSendGrid;
afterEach(() => relay.stop());

/** So many sessions that one which waits to reconnect holds up no other. */
const AT_ONCE = 100;

/** One name for each session, all of one length. */
const nameOf = (cut: string, at: number): string =>
  `${cut}${String(at).padStart(5, '0')}`;

/** What `auto` does it does in one of the other modes. */
const waysFor = (pipelining: Pipelining): readonly Cut['how'][] =>
  pipelining === 'auto' ? ['drop'] : ['drop', 'half-close'];

const sessionsOf = (
  pipelining: Pipelining,
  messages: number,
  session: Readonly<Record<Direction, string>>,
): CutSession[] =>
  (['up', 'down'] as const).flatMap((direction) =>
    waysFor(pipelining).flatMap((how) =>
      Array.from({ length: session[direction].length + 1 }, (_, after) => ({
        messages,
        name: nameOf(`${direction[0]}${how[0]}`, after),
        cut: { direction, after, how },
      })),
    ),
  );

describe('a session cut at any byte', () => {
  it.each([
    ['off', 3, 'lockstep'],
    ['envelope', 3, 'envelope'],
    ['oneflight', 3, 'oneflight'],
    // As many as it takes until one-flight is tried and proven.
    ['auto', 6, 'oneflight'],
  ] as const)(
    'loses, duplicates and misreports nothing, pipelining %s',
    { timeout: 300_000 },
    async (pipelining, messages, mode) => {
      relay = await FakeSendGrid.start({
        security: 'none',
        parse: false,
        apiKey: 'key',
      });
      const options = cutOptions(relay, pipelining);
      const whole = await runCutSession(options, {
        name: nameOf('un', 0),
        messages,
      });
      expect(whole).toMatchObject({ connections: 1, pipelining: mode });
      expect(findingsOn(whole, acceptedBy(relay))).toEqual([]);

      const reports = await inParallel(
        AT_ONCE,
        sessionsOf(pipelining, messages, whole.passed),
        (session) => runCutSession(options, session),
      );
      await relay.waitUntil(({ open }) => open === 0);

      const accepted = acceptedBy(relay);
      const unknown = reports.filter(({ totals }) => totals.unknown > 0);
      console.info(
        `${pipelining}: ${reports.length} cuts in ${whole.passed.up.length} + ${whole.passed.down.length} bytes, ${unknown.length} with an unknown outcome`,
      );
      expect(reports.flatMap((report) => findingsOn(report, accepted))).toEqual(
        [],
      );
      // A cut between a dot and its reply cannot but leave the outcome open.
      expect(unknown.length).toBeGreaterThan(messages);
    },
  );
});
