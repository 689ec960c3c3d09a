import { ratios, shown, shownSpread, spread } from '../figures.js';
import { LatencyProxy } from '../latency-proxy.js';
import type { Section } from '../report/section.js';
import { checkedCost, scaled, type Bench } from './bench.js';

const ROUND_TRIP_MS = 80;

const ENTRIES = [
  { name: 'own-prepared', title: 'nestjs-sendgrid-smtp' },
  { name: 'nodemailer-prepared', title: 'nodemailer, `pool`, `raw`' },
] as const;

type Name = (typeof ENTRIES)[number]['name'];

/** How fast one connection is when the server is far away. */
export async function oneConnection(bench: Bench): Promise<Section> {
  const { plain } = bench.sink.ports;
  const proxy = await LatencyProxy.start(plain, ROUND_TRIP_MS);
  try {
    return section(await measure(bench, proxy.port));
  } finally {
    await proxy.stop();
  }
}

async function measure(
  bench: Bench,
  port: number,
): Promise<Record<Name, number[]>> {
  const perSecond: Record<Name, number[]> = {
    'own-prepared': [],
    'nodemailer-prepared': [],
  };
  const rounds = scaled(bench, { full: 3, quick: 1, smoke: 1 });
  for (let round = 0; round < rounds; round += 1) {
    for (const { name } of ENTRIES) {
      const run = await checkedCost(bench, {
        kind: 'cost',
        name,
        target: { host: '127.0.0.1', port, security: 'none', connections: 1 },
        load: { size: 2048, recipients: 1 },
        inFlight: 8,
        warmUp: scaled(bench, { full: 8, quick: 8, smoke: 4 }),
        messages: scaled(bench, { full: 80, quick: 40, smoke: 4 }),
      });
      perSecond[name].push(run.perSecond);
    }
  }
  return perSecond;
}

function section(perSecond: Record<Name, number[]>): Section {
  return {
    title: `One connection at a round trip of ${ROUND_TRIP_MS} ms`,
    text: 'Prepared messages of 2 KB, one connection, eight messages under way. A proxy holds every byte back for half a round trip each way. The server answers at once; a real one thinks before it accepts, and the less it thinks the larger the difference.',
    header: ['', 'messages per second'],
    rows: ENTRIES.map(({ name, title }) => [
      title,
      shownSpread(spread(perSecond[name])),
    ]),
    verdicts: [
      {
        what: `Messages per second on one connection at ${shown(ROUND_TRIP_MS)} ms`,
        measured: ratios(
          perSecond['own-prepared'],
          perSecond['nodemailer-prepared'],
        ),
        want: 'at least',
        bar: 1.9,
        reach: 1.97,
        unit: "times nodemailer's",
      },
    ],
  };
}
