import { shown, shownSpread, spread } from '../figures.js';
import type { WebhookCost } from '../runner/job.js';
import { run } from '../runner/run.js';
import type { Section } from '../report/section.js';
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
      warmUp: scaled(bench, { full: 500, quick: 300, smoke: 5 }),
      posts: scaled(bench, { full: 3000, quick: 1000, smoke: 10 }),
    });
    rounds.push(cost);
  }
  const of = (figure: (cost: WebhookCost) => number): number[] =>
    rounds.map(figure);
  const perCore = spread(of(({ cpuUs }) => 1_000_000 / cpuUs));
  const { bytes = 0 } = rounds[0] ?? {};
  return {
    title: 'The event webhook',
    text: `Another process posts ${EVENTS} events at a time (${shown(bytes / 1024)} KiB), signed, no event twice, as fast as they are answered, to a Nest application on Express. Each post is read, verified, answered, parsed, looked up among the events handled before and among sends of unknown outcome, and its events are told of. The CPU is that of all of the process's threads; what one core takes is what would keep one busy.`,
    header: [
      'CPU per post, us',
      'of these for the signature, us',
      'share of the signature, %',
      'posts that one core takes in a second',
      'posts a second here',
      'most memory, MiB',
    ],
    rows: [
      [
        of(({ cpuUs }) => cpuUs),
        of(({ verifyUs }) => verifyUs),
        of(({ verifyUs, cpuUs }) => (100 * verifyUs) / cpuUs),
        of(({ cpuUs }) => 1_000_000 / cpuUs),
        of(({ perSecond }) => perSecond),
        of(({ peakRss }) => peakRss / MEBIBYTE),
      ].map((values) => shownSpread(spread(values))),
    ],
    verdicts: [
      {
        what: `Posts of ${EVENTS} events that one core takes in a second`,
        measured: perCore,
        want: 'at least',
        bar: 500,
        unit: 'posts',
      },
    ],
  };
}
