import type { Target } from '../contestants/contestant.js';
import { shownSpread, spread, type Spread } from '../figures.js';
import { LatencyProxy } from '../latency-proxy.js';
import { run } from '../runner/run.js';
import type { Section } from '../report/section.js';
import type { SinkPorts } from '../sink/protocol.js';
import { arriving, scaled, type Bench } from './bench.js';

const ROUND_TRIP_MS = 100;

/** Connections from which a library may learn what the server bears. */
const LEARNING = 4;

const PORTS = [
  { security: 'implicit', port: '465, implicit TLS', bar: 6.3 },
  { security: 'starttls', port: '587, STARTTLS', bar: 8.3 },
] as const;

const ENTRIES = [
  { name: 'own-prepared', title: 'nestjs-sendgrid-smtp' },
  { name: 'nodemailer-prepared', title: 'nodemailer, `pool`, `raw`' },
] as const;

type Security = keyof SinkPorts & Target['security'];

/** Round trips of one connection's first message, one value per connection. */
interface FirstMessages {
  readonly security: Security;
  readonly name: (typeof ENTRIES)[number]['name'];

  /** The process's very first connection. */
  readonly first: number;

  /** Later ones, once the server is known. */
  readonly later: Spread;
}

/** How many round trips it takes from nothing to an accepted message. */
export async function firstMessage(bench: Bench): Promise<Section> {
  const measured: FirstMessages[] = [];
  for (const { security } of PORTS) {
    const { ports } = bench.sink;
    const proxy = await LatencyProxy.start(ports[security], roundTripMs(bench));
    try {
      const unitMs = await unit(bench);
      for (const { name } of ENTRIES) {
        const target = targetOf(proxy.port, security, ports.ca);
        const sendMs = await timeSends(bench, name, target);
        measured.push({ security, name, ...roundTrips(sendMs, unitMs) });
      }
    } finally {
      await proxy.stop();
    }
  }
  return section(measured);
}

function roundTripMs(bench: Bench): number {
  return scaled(bench, {
    full: ROUND_TRIP_MS,
    quick: ROUND_TRIP_MS,
    smoke: 10,
  });
}

/** What one round trip over such a proxy really takes. */
async function unit(bench: Bench): Promise<number> {
  const { plain } = bench.sink.ports;
  const proxy = await LatencyProxy.start(plain, roundTripMs(bench));
  try {
    return await proxy.measureRoundTripMs(9);
  } finally {
    await proxy.stop();
  }
}

function targetOf(port: number, security: Security, ca: string): Target {
  return {
    host: '127.0.0.1',
    port,
    security,
    ca,
    connections: 2,
    idleMs: 20,
  };
}

async function timeSends(
  bench: Bench,
  name: FirstMessages['name'],
  target: Target,
): Promise<readonly number[]> {
  const messages = LEARNING + scaled(bench, { full: 7, quick: 5, smoke: 1 });
  const { result } = await arriving(bench, messages, () =>
    run<'pace'>({
      kind: 'pace',
      name,
      target,
      load: { size: 2048, recipients: 1 },
      warmUp: 0,
      messages,
      everyMs: 0,
      // Long enough for the idle connection to be gone, farewell and all.
      restMs: 4 * roundTripMs(bench),
    }),
  );
  return result.sendMs;
}

function roundTrips(
  sendMs: readonly number[],
  unitMs: number,
): { first: number; later: Spread } {
  const [first = NaN, ...others] = sendMs.map((ms) => 1 + ms / unitMs);
  return { first, later: spread(others.slice(LEARNING - 1)) };
}

function section(measured: readonly FirstMessages[]): Section {
  return {
    title: 'From nothing to the first accepted message',
    text: `Round trips from the start of a new connection to the 250 for its first message, at ${ROUND_TRIP_MS} ms each. TCP's own handshake is counted as one; TLS is 1.3; the server greets at once. The first connection of a process has to find out what the server bears; the others are those after the first ${LEARNING}.`,
    header: ['', 'port', 'first connection', 'later connections'],
    rows: measured.map(({ security, name, first, later }) => [
      ENTRIES.find((entry) => entry.name === name)?.title ?? name,
      PORTS.find((entry) => entry.security === security)?.port ?? security,
      first.toFixed(2),
      shownSpread(later),
    ]),
    verdicts: PORTS.flatMap(({ security, port, bar }) =>
      measured
        .filter((row) => row.security === security)
        .filter((row) => row.name === 'own-prepared')
        .map(({ later }) => ({
          what: `Round trips from connect to the first 250, port ${port}`,
          measured: later,
          want: 'at most' as const,
          bar,
          unit: 'round trips',
        })),
    ),
  };
}
