import { setTimeout as sleep } from 'node:timers/promises';
import { quantile, shown, shownSpread, spread } from '../figures.js';
import type { Section } from '../report/section.js';
import type { Sink } from '../sink/sink.js';
import {
  inRounds,
  newQueue,
  type OutboxBench,
  withProcesses,
} from './bench.js';
import type { Row } from './bench.js';
import type { QueueProcess } from './queue-process.js';

const WORKERS = [1, 2, 4];

/** Messages that wait when the workers begin, so that none ever wants for one. */
const PER_SECOND = 4000;

/** From when all workers have begun until the rate is taken. */
const WARM_UP_SECONDS = 0.75;

/** A worker's rate, and the marks that it wrote. */
interface Run {
  readonly rate: number;

  /** All that the relay took, from the beginning. */
  readonly taken: number;
  readonly marks: readonly number[];
}

/** How many messages a second workers send, and what their marks take. */
export async function endToEnd(
  bench: OutboxBench,
): Promise<{ readonly rates: Section; readonly marks: readonly Mark[] }> {
  const measured = await inRounds(bench, (row) => runs(bench, row));
  const marks = measured
    .filter(([{ owner }]) => owner === 'own')
    .map(([{ name }, rounds]) => ({
      name,
      values: rounds.flatMap(([alone]) => alone?.marks ?? []),
    }));
  const rates: Section = {
    title: 'Sent a second',
    text: `Messages of 2 KB wait in the store; then workers begin, each a process with ten connections, and the relay accepts at once. The rate is taken once all of them have run for ${WARM_UP_SECONDS} seconds. Workers, store and relay share the machine's cores: where these are all busy, another worker adds nothing.`,
    header: [
      '',
      ...WORKERS.map((n) => (n === 1 ? '1 worker' : `${n} workers`)),
    ],
    rows: measured.map(([{ name }, rounds]) =>
      [name].concat(
        WORKERS.map((_, at) => shownSpread(spread(ratesAt(rounds, at)))),
      ),
    ),
    verdicts: [],
  };
  return { rates, marks };
}

function ratesAt(rounds: readonly (readonly Run[])[], at: number): number[] {
  return rounds.map((round) => round[at]?.rate ?? NaN);
}

/** What writing a mark took, in milliseconds. */
export interface Mark {
  readonly name: string;
  readonly values: readonly number[];
}

/** Median and 99th percentile, in milliseconds. */
export function shownTimes(values: readonly number[]): string[] {
  return [0.5, 0.99].map((share) => shown(quantile(values, share)));
}

/** One run with each number of workers, over one queue that is topped up. */
async function runs(
  { sink, scale: { seconds } }: OutboxBench,
  row: Row,
): Promise<readonly Run[]> {
  const queue = newQueue();
  const places = { row, sink, queue };
  return withProcesses({ ...places, role: 'producer' }, async ([producer]) => {
    await producer?.tell('open', {});
    const done: Run[] = [];
    const waiting = PER_SECOND * (WARM_UP_SECONDS + seconds);
    let missing = waiting;
    for (const count of WORKERS) {
      await producer?.tell('fill', { count: missing });
      const run = await withProcesses(
        { ...places, role: 'worker', count },
        (workers) => runOf(workers, sink, seconds),
      );
      done.push(run);
      missing = run.taken;
      if (missing >= waiting) throw new Error('Too few messages were waiting');
    }
    return done;
  });
}

async function runOf(
  workers: readonly QueueProcess[],
  sink: Sink,
  seconds: number,
): Promise<Run> {
  // A process's own start is no part of it.
  await Promise.all(workers.map((worker) => worker.tell('load', {})));
  await sink.takeCounts();
  await Promise.all(workers.map((worker) => worker.tell('open', {})));
  await sleep(WARM_UP_SECONDS * 1000);
  const before = (await sink.takeCounts()).messages;
  const began = performance.now();
  await sleep(seconds * 1000);
  const { messages } = await sink.takeCounts();
  const rate = (messages * 1000) / (performance.now() - began);
  return { rate, taken: before + messages, marks: await marksOf(workers) };
}

async function marksOf(workers: readonly QueueProcess[]): Promise<number[]> {
  const work = await Promise.all(
    workers.map((worker) => worker.tell('work', {})),
  );
  return work.flatMap(({ marks }) => marks);
}
