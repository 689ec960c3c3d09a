import type { Section } from '../report/section.js';
import {
  ACCEPT,
  CAP,
  connectionsFor,
  ERASED_BYTES,
  HOLD,
  JOB_BYTES,
  LOAD,
  PEAK,
  ROUND_TRIP,
  SET_UP,
  SHARES,
  WORKER_RATE,
} from './assumptions.js';
import { memory, time, whole } from './shown.js';
import { type Load, type Scenario, simulate } from './simulate.js';

const DAY = 86_400;
const VOLUMES = [1, 3, 10, 30, 100].map((millions) => millions * 1e6);

/** Every lane at its part of a rate. */
export function lanesAt(perSecond: number): Load[] {
  return (['urgent', 'normal', 'bulk'] as const).map((lane) => ({
    lane,
    perSecond: perSecond * SHARES[lane],
  }));
}

/** What all scenarios have in common. */
export const RELAY = {
  roundTrip: ROUND_TRIP,
  accept: ACCEPT,
  cap: CAP,
  setUp: SET_UP,
  countFrom: 0,
  seed: 1,
} as const satisfies Partial<Scenario>;

/** The busiest second that a day's volume brings. */
export function peakOf(perDay: number): number {
  return (perDay / DAY) * PEAK;
}

/** Rates, connections and workers for each volume, and what messages wait. */
export function fleets(): Section {
  return {
    title: 'From 1 to 100 million messages a day',
    text: `The busiest hour has ${PEAK} times the mean rate, a message takes a connection for ${time(HOLD)}, connections are ${LOAD * 100}% busy at the peak, and a worker process carries ${whole(WORKER_RATE)} messages a second. The last columns are simulated: what 99 of 100 messages of a lane wait at most for a connection, with ${parts()}.`,
    header: [
      'messages a day',
      'mean a second',
      'at the peak',
      'connections',
      'workers, by CPU',
      'connections of each',
      'replaced an hour',
      'urgent',
      'normal',
      'bulk',
    ],
    rows: VOLUMES.map(fleetRow),
    verdicts: [],
  };
}

/** What Redis holds for each volume. */
export function memoryOfJobs(): Section {
  return {
    title: 'Memory of the store',
    text: `A waiting job of 2 KB takes ${whole(JOB_BYTES)} bytes in Redis, one that was erased and is kept for its id ${whole(ERASED_BYTES)}. The first two columns are what an incident leaves: an hour, or six, in which no message of the peak can be sent. The others are what ids cost while they are kept as erased jobs, by the \`idempotencyWindowMs\`.`,
    header: [
      'messages a day',
      'one hour waiting',
      'six hours waiting',
      'ids kept for that hour',
      'ids kept for a day',
      'ids kept for 7 days',
    ],
    rows: VOLUMES.map(memoryRow),
    verdicts: [],
  };
}

function memoryRow(perDay: number): string[] {
  const hour = peakOf(perDay) * 3600;
  const waiting = [hour, 6 * hour].map((jobs) => memory(jobs * JOB_BYTES));
  const ids = [hour, perDay, 7 * perDay].map((jobs) =>
    memory(jobs * ERASED_BYTES),
  );
  return [whole(perDay), ...waiting, ...ids];
}

function fleetRow(perDay: number): string[] {
  const peak = peakOf(perDay);
  const connections = connectionsFor(peak);
  // One may fail or be deployed.
  const workers = 1 + Math.ceil(peak / WORKER_RATE);
  const end = 200_000 / peak;
  const { waits } = simulate({
    ...RELAY,
    loads: lanesAt(peak),
    connections,
    end,
    countFrom: end / 10,
  });
  return [
    whole(perDay),
    whole(perDay / DAY),
    whole(peak),
    whole(connections),
    whole(workers),
    whole(Math.ceil(connections / (workers - 1))),
    whole((peak * 3600) / CAP),
    ...[waits.urgent, waits.normal, waits.bulk].map(({ p99 }) => time(p99)),
  ];
}

function parts(): string {
  return Object.entries(SHARES)
    .map(([lane, share]) => `${share * 100}% ${lane}`)
    .join(', ');
}
