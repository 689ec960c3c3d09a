import type { Section } from '../report/section.js';
import { CAP, connectionsFor, HOLD, LOAD } from './assumptions.js';
import { RELAY } from './fleets.js';
import { time, whole } from './shown.js';
import { simulate } from './simulate.js';

const LOADS = [0.5, 0.7, 0.8, 0.9, 0.95];

/** What distance and the relay's own time make of a connection. */
export function perConnection(): Section {
  return {
    title: 'What one connection carries',
    text: `A message takes its connection for one round trip, in which body and next envelope travel, and the time the relay takes to accept it. The last column is that of a relay that refuses to be written to ahead (two round trips).`,
    header: [
      'round trip',
      'relay accepts in',
      'messages a second',
      `its ${whole(CAP)} last`,
      `connections for 1,000 a second at ${LOAD * 100}%`,
      'with two round trips',
    ],
    rows: [0.01, 0.04, 0.08, 0.15].flatMap((roundTrip) =>
      [0.04, 0.2].map((accept) => connectionRow(roundTrip, accept)),
    ),
    verdicts: [],
  };
}

/** What messages wait, by how busy how many connections are. */
export function byLoad(): Section {
  return {
    title: 'How busy connections may be',
    text: `Simulated: what 99 of 100 messages of one lane wait at most for a connection. Many connections may be busier than few, as a peak of one is evened out by the others.`,
    header: [
      'connections',
      ...LOADS.map((load) => `${Math.round(load * 100)}% busy`),
    ],
    rows: [10, 100, 1000].map((connections) =>
      [whole(connections)].concat(
        LOADS.map((load) => waitAt(connections, load)),
      ),
    ),
    verdicts: [],
  };
}

function connectionRow(roundTrip: number, accept: number): string[] {
  const hold = roundTrip + accept;
  return [
    time(roundTrip),
    time(accept),
    (1 / hold).toFixed(1),
    time(CAP * hold),
    whole(connectionsFor(1000, hold)),
    whole(connectionsFor(1000, hold + roundTrip)),
  ];
}

function waitAt(connections: number, load: number): string {
  const perSecond = (connections / HOLD) * load;
  const end = 300_000 / perSecond;
  const { waits } = simulate({
    ...RELAY,
    loads: [{ lane: 'normal', perSecond }],
    connections,
    end,
    countFrom: end / 10,
  });
  return time(waits.normal.p99);
}
