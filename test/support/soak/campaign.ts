import type { Pipelining } from '../../../lib/options/resolved-options.js';
import { inParallel } from '../in-parallel.js';
import { FaultPlan } from './faults.js';
import { runRound, type Round } from './round.js';

const MODES: readonly Pipelining[] = ['off', 'envelope', 'oneflight', 'auto'];
const SECURITIES = ['none', 'implicit', 'starttls'] as const;
const CONNECTIONS = [3, 16];
const ON_UNKNOWN = ['fail', 'retry'] as const;
const MAX_ATTEMPTS = 3;

/**
 * Most messages of one round. A client soon learns not to send envelopes
 * behind bodies to a server that goes wrong there: each round has another
 * server, so that many messages ride before that.
 */
const MAX_ROUND = 200;

/** Rounds at the same time: while some wait for a stall, others work. */
const AT_ONCE = 4;

/** One cause may bring thousands of discrepancies. */
const MAX_PRINTED = 50;

/** What faults strike how often, each a share of 1. */
const RATES = {
  message: 0.08,
  stall: 0.002,
  connection: 0.06,
  connectionStall: 0.01,
  rset: 0.3,
  cap: 0.2,
};

/** What came of a campaign. */
export interface CampaignReport {
  readonly messages: number;
  readonly ms: number;

  /** How often each fault has struck. */
  readonly struck: ReadonlyMap<string, number>;
  readonly verdicts: ReadonlyMap<string, number>;
  readonly attempts: number;

  /** Recipients that got a message more than once, by `onUnknown`. */
  readonly duplicates: ReadonlyMap<string, number>;

  /** What is wrong, message by message; nothing when all is well. */
  readonly discrepancies: readonly string[];
}

/** Sends messages in every mode to a server that goes wrong all the time. */
export async function runCampaign(
  seed: number,
  messages: number,
): Promise<CampaignReport> {
  const rounds = roundsOf(seed, messages);
  const startedAt = performance.now();
  const reports = await inParallel(AT_ONCE, rounds, runRound);
  return {
    messages: reports.reduce((sum, report) => sum + report.verdicts.length, 0),
    ms: performance.now() - startedAt,
    struck: sumOf(reports.map(({ struck }) => struck)),
    verdicts: countsOf(reports.flatMap(({ verdicts }) => verdicts)),
    attempts: reports.reduce((sum, report) => sum + report.attempts, 0),
    duplicates: sumOf(
      reports.map(({ duplicates }, n) => {
        const choice = rounds[n]?.retry.onUnknown ?? 'fail';
        return new Map([[choice, duplicates]]);
      }),
    ),
    discrepancies: atMost(
      MAX_PRINTED,
      reports.flatMap((report) => report.discrepancies),
    ),
  };
}

/** The report as lines to print. */
export function describeCampaign(report: CampaignReport): string {
  const { messages, ms, struck, verdicts, attempts, duplicates } = report;
  const seconds = ms / 1000;
  const rate = Math.round(messages / seconds);
  const faults = [...struck].toSorted(([a], [b]) => a.localeCompare(b));
  return [
    `${messages} messages in ${seconds.toFixed(1)} s, ${rate} a second`,
    `verdicts: ${listed(verdicts)}, after ${attempts} attempts`,
    `recipients that got a message twice: ${listed(duplicates)}`,
    `faults: ${listed(faults)}`,
  ].join('\n');
}

function roundsOf(seed: number, messages: number): Round[] {
  const kinds = MODES.flatMap((pipelining) =>
    SECURITIES.flatMap((security) =>
      CONNECTIONS.flatMap((maxConnections) =>
        ON_UNKNOWN.map((onUnknown) => ({
          pipelining,
          security,
          maxConnections,
          retry: { maxAttempts: MAX_ATTEMPTS, onUnknown },
        })),
      ),
    ),
  );
  const turns = Math.ceil(messages / (kinds.length * MAX_ROUND));
  const each = Math.ceil(messages / (kinds.length * turns));
  const all = Array.from({ length: turns }, () => kinds).flat();
  return all.map((kind, n) => ({
    ...kind,
    seed,
    plan: new FaultPlan(seed * 4096 + n, RATES),
    from: n * each,
    messages: each,
  }));
}

function countsOf(items: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}

function sumOf(
  maps: readonly ReadonlyMap<string, number>[],
): Map<string, number> {
  const sum = new Map<string, number>();
  for (const [key, count] of maps.flatMap((map) => [...map])) {
    sum.set(key, (sum.get(key) ?? 0) + count);
  }
  return sum;
}

function atMost(count: number, items: readonly string[]): readonly string[] {
  const more = items.length - count;
  return more > 0 ? [...items.slice(0, count), `and ${more} more`] : items;
}

function listed(counts: Iterable<readonly [string, number]>): string {
  return [...counts].map(([what, count]) => `${what} ${count}`).join(', ');
}
