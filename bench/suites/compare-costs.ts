import { ratios, shown, shownSpread, spread } from '../figures.js';
import type { Spread } from '../figures.js';
import type { ContestantName } from '../contestants/registry.js';
import type { CostJob } from '../runner/job.js';
import type { Sink } from '../sink/sink.js';
import { checkedCost, scaled, type Bench, type CheckedCost } from './bench.js';

/** Connections that every library gets in a comparison of costs. */
export const CONNECTIONS = 10;

/** Sends under way at a time, for libraries with a queue of their own. */
export const IN_FLIGHT = 100;

/** Messages after which even a slow library runs compiled code, and the compiler rests. */
const MIN_WARM_UP = 5000;

/** Enough for every library. */
const MAX_WARM_UP = 30_000;

/** A library in a comparison. */
export interface Entry {
  readonly name: ContestantName;
  readonly title: string;

  /** Messages of one measured run: about a second of work. */
  readonly messages: number;

  /** How many of them leave as one, if several do. */
  readonly perMessage?: number;
}

/** The runs of each library, round by round. */
export type Costs = ReadonlyMap<ContestantName, readonly CheckedCost[]>;

/**
 * Runs all entries in turn, each in its own process, round after round: the
 * shorter the runs, the more `full` rounds it takes for a steady median.
 */
export async function compareCosts(
  bench: Bench,
  entries: readonly Entry[],
  full = 3,
): Promise<Costs> {
  const costs = new Map<ContestantName, CheckedCost[]>();
  const rounds = scaled(bench, { full, quick: 2, smoke: 1 });
  for (let round = 0; round < rounds; round += 1) {
    for (const entry of entries) {
      const job = jobOf(bench, entry);
      const cost = await checkedCost(bench, job, entry.perMessage);
      costs.set(entry.name, [...(costs.get(entry.name) ?? []), cost]);
    }
  }
  return costs;
}

/** The header of {@link costRows}. */
export const COST_HEADER = [
  '',
  'CPU per message, us',
  'messages per second',
  'bytes per message',
];

/** A table row for each entry. */
export function costRows(
  entries: readonly Entry[],
  costs: Costs,
): readonly string[][] {
  return entries.map(({ name, title }) => {
    const runs = costs.get(name) ?? [];
    return [
      title,
      shownSpread(spread(runs.map(({ cpuUs }) => cpuUs))),
      shownSpread(spread(runs.map(({ perSecond }) => perSecond))),
      shown(spread(runs.map(({ bytes }) => bytes)).median),
    ];
  });
}

/** How many times the CPU of `own` another library takes, round by round. */
export function timesTheCpu(
  costs: Costs,
  other: ContestantName,
  own: ContestantName,
): Spread {
  const cpu = (name: ContestantName): number[] =>
    (costs.get(name) ?? []).map(({ cpuUs }) => cpuUs);
  return ratios(cpu(other), cpu(own));
}

function jobOf(bench: Bench, { name, messages }: Entry): CostJob {
  return costJob(bench.sink, name, {
    warmUp: scaled(bench, {
      full: Math.max(MIN_WARM_UP, Math.min(messages / 2, MAX_WARM_UP)),
      quick: MIN_WARM_UP,
      smoke: 50,
    }),
    messages: scaled(bench, {
      full: messages,
      quick: messages / 2,
      smoke: 50,
    }),
  });
}

/** The run that every comparison of costs makes. */
export function costJob(
  { ports }: Sink,
  name: ContestantName,
  counts: Pick<CostJob, 'warmUp' | 'messages'>,
): CostJob {
  return {
    kind: 'cost',
    name,
    target: {
      host: '127.0.0.1',
      port: ports.plain,
      security: 'none',
      connections: CONNECTIONS,
    },
    load: { size: 2048, recipients: 1 },
    inFlight: IN_FLIGHT,
    ...counts,
  };
}
