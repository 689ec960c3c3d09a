import { shownSpread, spread } from '../figures.js';
import type { Section } from '../report/section.js';
import {
  inRounds,
  newQueue,
  type OutboxBench,
  withProcesses,
} from './bench.js';
import type { Way } from './orders.js';

const WAYS = ['one by one', '50 at once', 'in bulk'] as const satisfies Way[];

/** How many messages a second one producer puts into the store. */
export async function enqueueRates(bench: OutboxBench): Promise<Section> {
  const { sink, scale } = bench;
  const measured = await inRounds(bench, (row) =>
    withProcesses(
      { row, sink, role: 'producer', queue: newQueue() },
      async ([producer]) => {
        const rates: number[] = [];
        await producer?.tell('open', {});
        for (const way of WAYS) {
          const order = { way, seconds: scale.seconds };
          rates.push((await producer?.tell('rate', order)) ?? 0);
        }
        return rates;
      },
    ),
  );
  return {
    title: 'Enqueued a second',
    text: 'One process enqueues messages of 2 KB without an `id`: each once the one before is in the store, fifty at once, and 500 with each command (`enqueueMany`; `enqueueBatch` of 500).',
    header: ['', ...WAYS],
    rows: measured.map(([{ name }, rounds]) =>
      [name].concat(
        WAYS.map((_, at) =>
          shownSpread(spread(rounds.map((rates) => rates[at] ?? NaN))),
        ),
      ),
    ),
    verdicts: [],
  };
}
