import type { Section } from '../report/section.js';
import type { Bench } from './bench.js';
import {
  compareCosts,
  COST_HEADER,
  costRows,
  timesTheCpu,
  type Entry,
} from './compare-costs.js';

const MESSAGES = 10_000;

const OWN: readonly Entry[] = [
  {
    name: 'own-template',
    title: 'nestjs-sendgrid-smtp',
    messages: MESSAGES,
  },
  {
    name: 'own-inlined',
    title: 'nestjs-sendgrid-smtp, CSS put into attributes',
    messages: MESSAGES,
  },
];

const PEERS: readonly Entry[] = [
  {
    name: 'nest-mailer-template',
    title: "@nestjs-modules/mailer over nodemailer's `pool`",
    messages: MESSAGES,
  },
  {
    name: 'nest-mailer-inlined',
    title:
      "@nestjs-modules/mailer over nodemailer's `pool`, CSS put into attributes",
    messages: MESSAGES,
  },
];

/** What it costs to render a template for each message, and to send it. */
export async function templates(bench: Bench): Promise<Section> {
  const entries = bench.scale === 'smoke' ? OWN : [...OWN, ...PEERS];
  const costs = await compareCosts(bench, entries);
  const measured = costs.has('nest-mailer-template');
  return {
    title: 'One template, 10,000 messages',
    text: 'Each library renders a template of Handlebars for each message, 2 KB of html with a list of ten rows and values to be escaped, and sends it; no text is made of it. Both have the template compiled once, by the same Handlebars, in its strict mode.',
    header: COST_HEADER,
    rows: costRows(entries, costs),
    verdicts: measured
      ? [
          {
            what: 'CPU of @nestjs-modules/mailer, messages of a template',
            bar: 3,
            reach: 5,
            measured: timesTheCpu(
              costs,
              'nest-mailer-template',
              'own-template',
            ),
            want: 'at least',
            unit: 'times ours',
          },
        ]
      : [],
  };
}
