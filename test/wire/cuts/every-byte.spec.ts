import { afterEach, describe, expect, it } from 'vitest';
import type { Pipelining } from '../../../lib/options/resolved-options.js';
import { FakeSendGrid } from '../../../lib/testing/fake-sendgrid.js';
import { acceptedBy, findingsOn } from '../../support/cut-findings.js';
import { runCutSession, type CutSession } from '../../support/cut-session.js';
import type { Direction } from '../../support/cutting-proxy.js';
import { inParallel } from '../../support/in-parallel.js';

let relay: FakeSendGrid;
afterEach(() => relay.stop());

/** So many sessions that one which waits to reconnect holds up no other. */
const AT_ONCE = 200;

/** One name for each session, all of one length. */
const nameOf = (cut: string, at: number): string =>
  `${cut}${String(at).padStart(5, '0')}`;

const sessionsOf = (
  base: { pipelining: Pipelining; messages: number },
  lengths: Readonly<Record<Direction, number>>,
): CutSession[] =>
  (['up', 'down'] as const).flatMap((direction) =>
    (['drop', 'half-close'] as const).flatMap((how) =>
      Array.from({ length: lengths[direction] + 1 }, (_, after) => ({
        ...base,
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
    { timeout: 120_000 },
    async (pipelining, messages, mode) => {
      relay = await FakeSendGrid.start({
        security: 'none',
        parse: false,
        apiKey: 'key',
      });
      const base = { pipelining, messages };
      const whole = await runCutSession(relay, {
        ...base,
        name: nameOf('un', 0),
      });
      expect(whole).toMatchObject({ connections: 1, pipelining: mode });
      expect(findingsOn(whole, acceptedBy(relay))).toEqual([]);

      const reports = await inParallel(
        AT_ONCE,
        sessionsOf(base, whole.passed),
        (session) => runCutSession(relay, session),
      );
      await relay.waitUntil(({ open }) => open === 0);

      const accepted = acceptedBy(relay);
      const unknown = reports.filter(({ totals }) => totals.unknown > 0);
      console.info(
        `${pipelining}: ${reports.length} cuts in ${whole.passed.up} + ${whole.passed.down} bytes, ${unknown.length} with an unknown outcome`,
      );
      expect(
        reports.flatMap((report) => findingsOn(report, accepted)),
      ).toEqual([]);
      // A cut between a dot and its reply cannot but leave the outcome open.
      expect(unknown.length).toBeGreaterThan(messages);
    },
  );
});
