import { shown, shownSpread, spread } from '../figures.js';
import type { Section } from '../report/section.js';
import type { Bench } from './bench.js';
import {
  compareCosts,
  timesTheCpu,
  type Costs,
  type Entry,
} from './compare-costs.js';

const RECIPIENTS = 100_000;
const MIB = 1_048_576;

const ENTRIES: readonly Entry[] = [
  {
    name: 'own-many',
    title: 'nestjs-sendgrid-smtp, `sendMany`',
    messages: RECIPIENTS,
  },
  {
    name: 'own-merge',
    title: 'nestjs-sendgrid-smtp, `sendMerge`',
    messages: RECIPIENTS,
    perMessage: 1000,
  },
  {
    name: 'nodemailer-campaign',
    title: 'nodemailer, `pool`',
    messages: RECIPIENTS,
  },
];

/** What it costs to send one body to many recipients. */
export async function campaign(bench: Bench): Promise<Section> {
  // A minute and more for each library: one round is steady enough.
  const costs = await compareCosts(bench, ENTRIES, 1);
  return {
    title: 'A campaign: one body, 100,000 recipients',
    text: 'The same text and html go to 100,000 recipients, from a generator. `sendMany` and nodemailer send a message to each, over 10 connections; `sendMerge` sends one for each 1,000, with a text of its own for each recipient, and SendGrid makes the copies. Memory is the most that the process had meanwhile, Node and the library included.',
    header: [
      '',
      'CPU per recipient, us',
      'wall, s',
      'memory, MiB',
      'bytes on the wire per recipient',
    ],
    rows: rows(costs),
    verdicts: [
      {
        what: "CPU of nodemailer's pool, a campaign by `sendMany`",
        bar: 5,
        reach: 8,
        measured: timesTheCpu(costs, 'nodemailer-campaign', 'own-many'),
        want: 'at least',
        unit: 'times ours',
      },
    ],
  };
}

function rows(costs: Costs): readonly string[][] {
  return ENTRIES.map(({ name, title, messages, perMessage = 1 }) => {
    const runs = costs.get(name) ?? [];
    return [
      title,
      shownSpread(spread(runs.map(({ cpuUs }) => cpuUs))),
      shownSpread(spread(runs.map(({ perSecond }) => messages / perSecond))),
      shownSpread(spread(runs.map(({ peakRss }) => peakRss / MIB))),
      shown(spread(runs.map(({ bytes }) => bytes / perMessage)).median),
    ];
  });
}
