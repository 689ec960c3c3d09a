import type { Section } from '../report/section.js';
import { connectionsFor, HOLD, JOB_BYTES, LOAD } from './assumptions.js';
import { lanesAt, peakOf, RELAY } from './fleets.js';
import { memory, time, whole } from './shown.js';
import { type Load, type Outcome, simulate } from './simulate.js';

const PER_DAY = 10e6;
const CAMPAIGN = 500_000;
const OUTAGE = 600;

/** What a campaign at the peak does to the others. */
export function campaign(): Section {
  const peak = peakOf(PER_DAY);
  const connections = connectionsFor(peak);
  const spare = connections / HOLD - peak;
  const run = (lane: 'bulk' | 'normal'): Outcome => {
    const load: Load = { lane, atOnce: CAMPAIGN, at: 0 };
    const loads = [...lanesAt(peak), load];
    const end = (1.2 * CAMPAIGN) / spare;
    return simulate({ ...RELAY, loads, connections, end });
  };
  return {
    title: 'A campaign at the peak',
    text: `Simulated: ${whole(PER_DAY)} messages a day, ${whole(connections)} connections for the peak of ${whole(peak)} a second, and ${whole(CAMPAIGN)} messages enqueued at once. ${whole(spare)} a second are spare, which arithmetic makes ${time(CAMPAIGN / spare)} for the campaign. Its own messages count in the lane it has.`,
    header: [
      'the campaign is',
      'urgent, 99 of 100',
      'normal, median',
      'normal, 99 of 100',
      'nothing waits after',
    ],
    rows: (['bulk', 'normal'] as const).map((lane) => {
      const { waits, caughtUpAt } = run(lane);
      return [
        `\`${lane}\``,
        time(waits.urgent.p99),
        time(waits.normal.median),
        time(waits.normal.p99),
        time(caughtUpAt),
      ];
    }),
    verdicts: [],
  };
}

/** What ten minutes without the relay leave behind. */
export function outage(): Section {
  const peak = peakOf(PER_DAY);
  return {
    title: 'Ten minutes without the relay at the peak',
    text: `Simulated with the same volume and connections for the given load. By arithmetic, catching up takes the outage times load / (1 - load): what you save on connections you wait for here.`,
    header: [
      'connections',
      'busy before',
      'most waiting',
      'in Redis',
      'caught up after',
      'urgent, enqueued after it, longest',
    ],
    rows: [0.5, LOAD, 0.85].map((load) => outageRow(peak, load)),
    verdicts: [],
  };
}

function outageRow(peak: number, load: number): string[] {
  const connections = connectionsFor(peak, HOLD, load);
  const began = 60;
  const over = began + OUTAGE;
  const { mostWaiting, caughtUpAt, waits } = simulate({
    ...RELAY,
    loads: lanesAt(peak),
    connections,
    outage: { from: began, until: over },
    end: over + (1.5 * OUTAGE * load) / (1 - load),
    countFrom: over,
  });
  return [
    whole(connections),
    `${Math.round(load * 100)}%`,
    whole(mostWaiting),
    memory(mostWaiting * JOB_BYTES),
    time(caughtUpAt - over),
    time(waits.urgent.longest),
  ];
}
