import type { Load } from '../contestants/contestant.js';
import { shownSpread, spread } from '../figures.js';
import type { Section } from '../report/section.js';
import { checkedCost, scaled, type Bench, type CheckedCost } from './bench.js';
import { CONNECTIONS, IN_FLIGHT } from './compare-costs.js';

/** One setting to measure at; what is not named is as in the comparisons. */
interface Setting extends Partial<Load> {
  readonly title: string;
  readonly connections?: number;
  readonly messages: number;
}

const SETTINGS: readonly Setting[] = [
  { title: '1 connection', connections: 1, messages: 10_000 },
  { title: '10 connections', connections: 10, messages: 10_000 },
  { title: '100 connections', connections: 100, messages: 10_000 },
  { title: '1,000 connections', connections: 1000, messages: 10_000 },
  { title: '1 recipient', recipients: 1, messages: 10_000 },
  { title: '10 recipients', recipients: 10, messages: 8000 },
  { title: '100 recipients', recipients: 100, messages: 2000 },
  { title: '1,000 recipients', recipients: 1000, messages: 200 },
  { title: '1 KB', size: 1024, messages: 10_000 },
  { title: '10 KB', size: 10_240, messages: 10_000 },
  { title: '100 KB', size: 102_400, messages: 4000 },
  { title: '1 MB', size: 1_048_576, messages: 400 },
  { title: '10 MB', size: 10_485_760, messages: 40 },
];

/** Less than the default bound of the queue's bytes. */
const MAX_BYTES = 50_331_648;

/** How the cost of a message grows with what is asked. */
export async function growth(bench: Bench): Promise<Section> {
  const settings = scaled(bench, {
    full: SETTINGS,
    quick: SETTINGS,
    smoke: SETTINGS.filter((_, n) => n % 4 === 3),
  });
  const costs = new Map<Setting, CheckedCost[]>();
  const rounds = scaled(bench, { full: 2, quick: 1, smoke: 1 });
  for (let round = 0; round < rounds; round += 1) {
    for (const setting of settings) {
      const cost = await measure(bench, setting);
      costs.set(setting, [...(costs.get(setting) ?? []), cost]);
    }
  }
  return {
    title: 'How the cost grows',
    text: `This library with prepared messages; what a row does not name is as above: ${CONNECTIONS} connections, one recipient, 2 KB.`,
    header: ['', 'CPU per message, us', 'messages per second'],
    rows: [...costs].map(([{ title }, runs]) => [
      title,
      shownSpread(spread(runs.map(({ cpuUs }) => cpuUs))),
      shownSpread(spread(runs.map(({ perSecond }) => perSecond))),
    ]),
    verdicts: [],
  };
}

async function measure(bench: Bench, setting: Setting): Promise<CheckedCost> {
  const { connections = CONNECTIONS, recipients = 1, size = 2048 } = setting;
  const messages = scaled(bench, {
    full: setting.messages,
    quick: setting.messages / 2,
    smoke: 10,
  });
  const cost = await checkedCost(bench, {
    kind: 'cost',
    name: 'own-prepared',
    target: {
      host: '127.0.0.1',
      port: bench.sink.ports.plain,
      security: 'none',
      connections,
      allOpen: true,
    },
    load: { size, recipients },
    inFlight: Math.min(
      Math.max(IN_FLIGHT, 2 * connections),
      Math.floor(MAX_BYTES / size),
    ),
    warmUp: scaled(bench, {
      full: messages / 2,
      quick: messages / 2,
      smoke: 5,
    }),
    messages,
  });
  if (cost.connections < connections) {
    throw new Error(
      `Only ${cost.connections} of ${connections} connections were opened`,
    );
  }
  return cost;
}
