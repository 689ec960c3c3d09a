import { shown, shownSpread, spread } from '../figures.js';
import type { WebhookCost } from '../runner/job.js';
import { run } from '../runner/run.js';
import type { Section, Verdict } from '../report/section.js';
import { scaled, type Bench } from './bench.js';

const EVENTS = 500;
const MEBIBYTE = 1024 ** 2;

/** What it costs to take the posts of SendGrid's event webhook. */
export async function webhook(bench: Bench): Promise<Section> {
  const rounds: WebhookCost[] = [];
  const count = scaled(bench, { full: 5, quick: 2, smoke: 1 });
  for (let round = 0; round < count; round += 1) {
    const cost = await run<'webhook'>({
      kind: 'webhook',
      events: EVENTS,
      warmUp: scaled(bench, { full: 1000, quick: 500, smoke: 5 }),
      posts: scaled(bench, { full: 3000, quick: 1000, smoke: 10 }),
    });
    rounds.push(cost);
  }
  const of = (figure: (cost: WebhookCost) => number): number[] =>
    rounds.map(figure);
  const perCore = of(({ cpuUs }) => 1_000_000 / cpuUs);
  const held = of(({ perSecond }) => perSecond);
  const { bytes = 0, onOneCore = false } = rounds[0] ?? {};
  return {
    title: 'The event webhook',
    text: `Another process posts ${EVENTS} events at a time (${shown(bytes / 1024)} KiB), signed, no event twice, as fast as they are handled, to a Nest application on Express${onOneCore ? ', which is kept to one core with all of its threads, the other process off it' : ''}. Each post is read, verified, answered, parsed, looked up among the events handled before and among sends of unknown outcome, and its events are told of. The CPU is that of all of the application's threads; one core that it had to itself would take as many posts as that fills.`,
    header: [
      'CPU per post, us',
      'of these for the signature, us',
      'share of the signature, %',
      'posts a second that fill one core',
      `posts a second, ${onOneCore ? 'on one core' : 'on all cores'}`,
      'most memory, MiB',
    ],
    rows: [
      [
        of(({ cpuUs }) => cpuUs),
        of(({ verifyUs }) => verifyUs),
        of(({ verifyUs, cpuUs }) => (100 * verifyUs) / cpuUs),
        perCore,
        held,
        of(({ peakRss }) => peakRss / MEBIBYTE),
      ].map((values) => shownSpread(spread(values))),
    ],
    verdicts: [
      verdict('that fill one core', perCore),
      ...(onOneCore ? [verdict('held on one core', held)] : []),
    ],
  };
}

function verdict(what: string, perSecond: number[]): Verdict {
  return {
    what: `Posts of ${EVENTS} events a second ${what}`,
    measured: spread(perSecond),
    want: 'at least',
    bar: 500,
    unit: 'posts',
  };
}
