import { shown, shownSpread, spread } from '../figures.js';
import type { QueueTimes } from '../runner/job.js';
import type { Section } from '../report/section.js';
import { run } from '../runner/run.js';
import { scaled, type Bench } from './bench.js';

const LENGTHS = [10, 10_000, 1_000_000] as const;

/** Whether a long queue is as fast as a short one. */
export async function queue(bench: Bench): Promise<Section> {
  const rounds: QueueTimes[] = [];
  const count = scaled(bench, { full: 3, quick: 3, smoke: 1 });
  for (let round = 0; round < count; round += 1) {
    const times = await run<'queue'>({
      kind: 'queue',
      lengths: LENGTHS,
      pairs: scaled(bench, { full: 1_000_000, quick: 500_000, smoke: 1000 }),
    });
    rounds.push(times);
  }
  const pairUs = (queueOf: keyof QueueTimes, index: number): number[] =>
    rounds.map((times) => times[queueOf][index] ?? NaN);
  return {
    title: 'The queue',
    text: 'One message is put into the queue and one taken out of it, over and over, while that many others wait. What is left of a difference in length is memory: entries that wait long outlive the young generation. `Array#shift`, which nodemailer queues with, moves every entry once an array is long.',
    header: ['messages waiting', 'one in and one out, us', '`Array#shift`, us'],
    rows: LENGTHS.map((length, index) => [
      length.toLocaleString('en-US'),
      shownSpread(spread(pairUs('own', index))),
      shownSpread(spread(pairUs('array', index))),
    ]),
    verdicts: [
      {
        what: `One message in and one out of a queue of ${shown(1_000_000)}`,
        measured: spread(pairUs('own', LENGTHS.length - 1)),
        want: 'at most',
        bar: 2,
        unit: 'us',
      },
    ],
  };
}
