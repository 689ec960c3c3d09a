import type { Section } from '../report/section.js';
import type { Bench } from './bench.js';
import {
  compareCosts,
  COST_HEADER,
  costRows,
  timesTheCpu,
  type Entry,
} from './compare-costs.js';

const OWN: readonly Entry[] = [
  {
    name: 'own-transport',
    title: 'nestjs-sendgrid-smtp, `SendGridTransport`',
    messages: 8000,
  },
  {
    name: 'own-module',
    title: 'nestjs-sendgrid-smtp, `MailService`',
    messages: 20_000,
  },
  {
    name: 'nodemailer-composed',
    title: 'nodemailer, `pool`',
    messages: 4000,
  },
];

const PEERS: readonly Entry[] = [
  {
    name: 'nest-mailer',
    title: "@nestjs-modules/mailer over nodemailer's `pool`, no template",
    messages: 3000,
  },
  {
    name: 'upyo',
    title: '@upyo/smtp, `sendMany` on each connection',
    messages: 15_000,
  },
];

/** A run takes about two seconds, in which a busy machine shows. */
const ROUNDS = 5;

const BARS = [
  {
    other: 'nodemailer-composed',
    what: "CPU of nodemailer's pool, composed messages",
    bar: 5,
    reach: 8,
  },
  {
    other: 'upyo',
    what: 'CPU of @upyo/smtp, composed messages',
    bar: 1.5,
    reach: 3,
  },
] as const;

/** What it costs to compose a message and carry it. */
export async function composed(bench: Bench): Promise<Section> {
  const entries = bench.scale === 'smoke' ? OWN : [...OWN, ...PEERS];
  const costs = await compareCosts(bench, entries, ROUNDS);
  const bars = BARS.filter(({ other }) => costs.has(other));
  return {
    title: 'Composed messages, 2 KB of text and html',
    text: 'Every library is given the same sender, recipients, subjects, texts and htmls, no two alike, and makes a message of each; their encodings differ by what the last column shows. `MailService` writes messages of this common kind without the MIME tree; `SendGridTransport` under nodemailer takes the tree. The bars are held against `MailService`.',
    header: COST_HEADER,
    rows: costRows(entries, costs),
    verdicts: bars.map(({ other, what, bar, reach }) => ({
      what,
      bar,
      reach,
      measured: timesTheCpu(costs, other, 'own-module'),
      want: 'at least',
      unit: 'times ours',
    })),
  };
}
