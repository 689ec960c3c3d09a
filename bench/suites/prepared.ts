import type { Section } from '../report/section.js';
import type { Bench } from './bench.js';
import {
  compareCosts,
  COST_HEADER,
  costRows,
  timesTheCpu,
  type Entry,
} from './compare-costs.js';

/** A run takes about a second, in which a busy machine shows. */
const ROUNDS = 7;

const ENTRIES: readonly Entry[] = [
  {
    name: 'raw-writer',
    title: 'the floor: one write per message, no accounting',
    messages: 60_000,
  },
  {
    name: 'own-prepared',
    title: 'nestjs-sendgrid-smtp, below its composer',
    messages: 60_000,
  },
  {
    name: 'own-raw',
    title: 'nestjs-sendgrid-smtp, `SendGridTransport`, `raw`',
    messages: 10_000,
  },
  {
    name: 'own-heard',
    title: 'nestjs-sendgrid-smtp, somebody listening to `events$`',
    messages: 40_000,
  },
  {
    name: 'nodemailer-prepared',
    title: 'nodemailer, `pool`, `raw`',
    messages: 8000,
  },
];

/** What it costs to carry messages that are composed already. */
export async function prepared(bench: Bench): Promise<Section> {
  const costs = await compareCosts(bench, ENTRIES, ROUNDS);
  const against = timesTheCpu(costs, 'nodemailer-prepared', 'own-prepared');
  return {
    title: 'Prepared messages of 2 KB',
    text: 'The messages are Buffers before the run starts. What is left is the way through queue, pool and protocol to a verdict for each message. The floor is a loop over a socket that writes each body together with the next envelope and counts reply lines. The bar is held against the way below the composer; with `raw`, both libraries also go through nodemailer, which reads the message as a stream. Events are built while somebody listens only: what two of them cost a message is the difference between the first two lines of this library.',
    header: COST_HEADER,
    rows: costRows(ENTRIES, costs),
    verdicts: [
      {
        what: "CPU of nodemailer's pool with `raw`, prepared messages",
        measured: against,
        want: 'at least',
        bar: 8,
        reach: 12,
        unit: 'times ours',
      },
    ],
  };
}
