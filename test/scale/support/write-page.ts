import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

import type { ManyConnectionsResult } from '../programs/many-connections.js';
import type { Memory } from '../programs/memory.js';
import type {
  MergeFigures,
  MillionMergedResult,
} from '../programs/million-merged.js';
import type { SendManyFigures, SendManyResult } from '../programs/send-many.js';
import type { MillionQueuedResult } from '../programs/million-queued.js';
import { median } from '../programs/waiting.js';
import { FIGURES } from './figures.js';
import { machine } from './machine.js';

const PAGE = fileURLToPath(new URL('../../../docs/scale.md', import.meta.url));
const KINDS = {
  'connections-none': 'plain (loopback only)',
  'connections-starttls': 'STARTTLS, sessions resumed',
};

const OTHERS = [
  'shared-budget',
  'queue',
  'merge',
  'send-many',
  'frozen-answered',
  'frozen-cut',
  'frozen-idle',
];

/** Forgets what an earlier run measured. */
export function setup(): void {
  rmSync(FIGURES, { recursive: true, force: true });
}

/** Writes the page when every figure on it was measured and held its bar. */
export async function teardown(): Promise<void> {
  const names = [...Object.keys(KINDS), ...OTHERS];
  if (!names.every((name) => existsSync(`${FIGURES}${name}.json`))) return;
  const options = { ...(await resolveConfig(PAGE)), parser: 'markdown' };
  writeFileSync(PAGE, await format(page(), options));
}

function page(): string {
  return `# Scale

What one process bears, measured by \`npm run test:scale\`, which writes this
page when everything on it holds. Client and relay (\`FakeSendGrid\`) are
processes of their own on one machine; other work on it makes times longer.

Measured on: ${machine()}.

## Ten thousand connections

One instance, \`pool.maxConnections\` and \`pool.minConnections\` 10,000,
\`pool.maxLifetimeMs\` an hour, the other options at their defaults (8 set-ups
at once). All are open at the same time,
each carries a message while all are busy, and all end with QUIT. Memory is
that of the client process, garbage collected before and after, divided by the
number of connections.

${connections()}

Nearly all of a TLS connection's memory is OpenSSL's, and so is most of the
time of its set-up: plan for it before you ask for many.

The limit of 10,000 holds for the process: several instances to one host share
it, and what one lets go of, the others get.

## A million messages in the queue

\`queue.maxMessages\` and \`queue.maxBytes\` raised, the relay silent, small
messages with their bodies prepared.

${queue()}

Single peaks are garbage collections over a heap of gigabytes: with a queue
of this length they cost more than the queue does. Give such a process
\`--max-old-space-size\`.

## A million recipients of a merge

\`sendMerge\` with a generator of recipients, each with two substitutions and a
custom argument, in mode \`discard\`: what it costs to pack and compose.

${merge()}
## A million messages from one source

\`mail.sendMany\` over a generator of composed messages (text and HTML) in mode
\`discard\`, so that what is measured is the run and the composer, beside
\`mail.send\` awaited one by one. The heap is what is in use after a collection of
garbage, at the start and after every hundred thousand messages.

${sendMany()}

## A frozen process

A process stopped for a minute (SIGSTOP) with connections that are idle, wait
for a reply, are in the middle of a body, or carry a second envelope behind a
body: replies that came meanwhile count although their time is over, what the
relay closed is sent again unless its final dot was out (\`OUTCOME_UNKNOWN\`),
and no connection from before the freeze gets another message.
`;
}

/** What a run has kept: the result of the program that reported it. */
function figures(name: string): unknown {
  return JSON.parse(readFileSync(`${FIGURES}${name}.json`, 'utf8'));
}

function connections(): string {
  const rows = Object.entries(KINDS).map(([name, kind]) => {
    const one = figures(name) as ManyConnectionsResult;
    const { idle, used, rampMs, cpuUsEach } = one;
    return `| ${kind} | ${kib(idle)} | ${kib(used)} | ${seconds(rampMs)} | ${ms(cpuUsEach)} |`;
  });
  return [
    '| | memory each, fresh (of it heap) | after its first message | all set up in | CPU of one set-up |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function queue(): string {
  const result = figures('queue') as MillionQueuedResult;
  const { enqueueUs, enqueueUsWithGc, deliverUs, each } = result;
  const rest = Object.values(result.rejected).reduce((a, b) => a + b, 0);
  return [
    '| | |',
    '|---|---|',
    `| CPU of one enqueue, by hundred thousands | ${micro(enqueueUs)} |`,
    `| the same with garbage collection | ${micro(enqueueUsWithGc)} |`,
    `| CPU of one delivery, by ten thousands | ${micro(deliverUs)} (median ${median(deliverUs).toFixed(0)} µs) |`,
    `| memory of one queued message (of it heap) | ${kib(each)} |`,
    `| shutdown with ${rest.toLocaleString('en')} messages left | ${seconds(result.shutdownMs)} |`,
  ].join('\n');
}

function merge(): string {
  const { awaited, iterated } = figures('merge') as MillionMergedResult;
  const row = (how: string, { used, cpuUsEach }: MergeFigures): string => {
    const most = mib(Math.max(...used));
    return `| ${how} | ${cpuUsEach.toFixed(1)} µs | ${most} |`;
  };
  return [
    '| the run is | CPU of one recipient | most memory in use, of the whole process |',
    '|---|---|---|',
    row('awaited', awaited),
    row('iterated', iterated),
  ].join('\n');
}

function sendMany(): string {
  const { oneByOne, awaited, iterated } = figures(
    'send-many',
  ) as SendManyResult;
  return [
    '| | heap at the start and its most later | CPU of one message |',
    '|---|---|---|',
    ran('`send`, one by one', oneByOne),
    ran('`sendMany`, awaited', awaited),
    ran('`sendMany`, iterated', iterated),
  ].join('\n');
}

function ran(what: string, { heapUsed, cpuUsEach }: SendManyFigures): string {
  const [first = 0, ...later] = heapUsed;
  return `| ${what} | ${mib(first)}, ${mib(Math.max(...later))} | ${cpuUsEach.toFixed(0)} µs |`;
}

function mib(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MiB`;
}

function kib({ rss, heapUsed }: Memory): string {
  return `${(rss / 1024).toFixed(1)} KiB (${(heapUsed / 1024).toFixed(1)})`;
}

function seconds(value: number): string {
  return `${(value / 1000).toFixed(1)} s`;
}

function ms(us: number): string {
  return `${(us / 1000).toFixed(2)} ms`;
}

function micro(values: readonly number[]): string {
  return `${values.map((value) => value.toFixed(0)).join(', ')} µs`;
}
