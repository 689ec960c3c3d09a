import { quantile, shown, shownSpread, spread } from '../figures.js';
import { LatencyProxy } from '../latency-proxy.js';
import type { Section } from '../report/section.js';
import { run } from '../runner/run.js';
import { arriving, scaled, type Bench } from './bench.js';

const ROUND_TRIP_MS = 40;
const CAP = 50;
const CONNECTIONS = 4;

/** Half of what three connections carry that need one round trip a message. */
const EVERY_MS = (2 * ROUND_TRIP_MS) / 3;

const ENTRIES = [
  { name: 'own-prepared', title: 'nestjs-sendgrid-smtp' },
  { name: 'nodemailer-prepared', title: 'nodemailer, `pool`, `raw`' },
] as const;

type Name = (typeof ENTRIES)[number]['name'];

/** The send times of each round. */
type Rounds = Record<Name, (readonly number[])[]>;

/** Whether messages notice that connections are replaced. */
export async function rotation(bench: Bench): Promise<Section> {
  const { plain } = bench.sink.ports;
  const proxy = await LatencyProxy.start(plain, ROUND_TRIP_MS);
  try {
    return section(await measure(bench, proxy.port));
  } finally {
    await proxy.stop();
  }
}

async function measure(bench: Bench, port: number): Promise<Rounds> {
  const rounds: Rounds = { 'own-prepared': [], 'nodemailer-prepared': [] };
  const warmUp = scaled(bench, { full: 60, quick: 60, smoke: 5 });
  const messages = scaled(bench, { full: 400, quick: 400, smoke: 60 });
  const count = scaled(bench, { full: 3, quick: 1, smoke: 1 });
  for (let round = 0; round < count; round += 1) {
    // At the same time: neither uses the processor to speak of.
    const sent = ENTRIES.length * (warmUp + messages);
    await arriving(bench, sent, () =>
      Promise.all(
        ENTRIES.map(async ({ name }) => {
          const load = { name, port, warmUp, messages };
          rounds[name].push(await timeSends(load));
        }),
      ),
    );
  }
  return rounds;
}

async function timeSends({
  name,
  port,
  warmUp,
  messages,
}: {
  readonly name: Name;
  readonly port: number;
  readonly warmUp: number;
  readonly messages: number;
}): Promise<readonly number[]> {
  const { sendMs } = await run<'pace'>({
    kind: 'pace',
    name,
    target: {
      host: '127.0.0.1',
      port,
      security: 'none',
      connections: CONNECTIONS,
      cap: CAP,
    },
    load: { size: 2048, recipients: 1 },
    warmUp,
    messages,
    everyMs: EVERY_MS,
    restMs: 0,
  });
  return sendMs;
}

function section(rounds: Rounds): Section {
  const quantiles = (name: Name, share: number): number[] =>
    rounds[name].map((sendMs) => quantile(sendMs, share));
  const tail = (name: Name): number[] =>
    rounds[name].map(
      (sendMs) => quantile(sendMs, 0.99) / quantile(sendMs, 0.5),
    );
  return {
    title: 'Replacing connections',
    text: `Connections are replaced after ${CAP} messages, ${CONNECTIONS} are allowed, a round trip takes ${ROUND_TRIP_MS} ms, and a message is sent every ${shown(EVERY_MS)} ms: half of what three connections carry at one round trip a message. What matters is how much longer than usual the slowest sends take.`,
    header: ['', 'median, ms', '99th percentile, ms', 'largest, ms', 'p99/p50'],
    rows: ENTRIES.map(({ name, title }) => [
      title,
      shownSpread(spread(quantiles(name, 0.5))),
      shownSpread(spread(quantiles(name, 0.99))),
      shownSpread(spread(quantiles(name, 1))),
      shownSpread(spread(tail(name))),
    ]),
    verdicts: [
      {
        what: 'Time to send while connections are replaced, 99th percentile',
        measured: spread(tail('own-prepared')),
        want: 'at most',
        bar: 1.5,
        reach: 1.1,
        unit: 'times the median',
      },
    ],
  };
}
