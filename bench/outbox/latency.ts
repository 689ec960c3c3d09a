import type { Section } from '../report/section.js';
import {
  newQueue,
  type OutboxBench,
  type Row,
  withProcesses,
} from './bench.js';
import { type Mark, shownTimes } from './end-to-end.js';
import type { Moments } from './orders.js';
import type { QueueProcess } from './queue-process.js';

/** Messages a second. */
const STEADY = 50;

/** Seconds before those that count, in which the code gets warm. */
const WARM_UP_SECONDS = 2;

interface Steady {
  readonly row: Row;
  readonly latencies: readonly number[];
  readonly marks: readonly number[];
}

/** What a message takes at a modest rate, and what its mark does. */
export async function latencies(
  bench: OutboxBench,
): Promise<{ readonly section: Section; readonly marks: readonly Mark[] }> {
  const measured: Steady[] = [];
  for (const row of bench.rows) measured.push(await steady(bench, row));
  const section: Section = {
    title: 'From enqueueing to accepted',
    text: `One process enqueues ${STEADY} messages a second, one by one, another sends them. Milliseconds from the call until the worker has the relay's 250.`,
    header: ['', 'median, ms', '99th percentile, ms'],
    rows: measured.map(({ row, latencies: of }) => [
      row.name,
      ...shownTimes(of),
    ]),
    verdicts: [],
  };
  const marks = measured
    .filter(({ row }) => row.owner === 'own')
    .map(({ row: { name }, marks: values }) => ({ name, values }));
  return { section, marks };
}

async function steady({ sink, scale }: OutboxBench, row: Row): Promise<Steady> {
  const queue = newQueue();
  const places = { row, sink, queue };
  return withProcesses({ ...places, role: 'producer' }, ([producer]) =>
    withProcesses({ ...places, role: 'worker' }, async ([worker]) => {
      if (producer === undefined || worker === undefined) throw noProcess();
      await Promise.all([producer.tell('open', {}), worker.tell('open', {})]);
      await phase(producer, worker, WARM_UP_SECONDS);
      return { row, ...(await phase(producer, worker, scale.steadySeconds)) };
    }),
  );
}

/** Some seconds at the steady rate, up to the last message's acceptance. */
async function phase(
  producer: QueueProcess,
  worker: QueueProcess,
  seconds: number,
): Promise<Omit<Steady, 'row'>> {
  const order = { perSecond: STEADY, seconds };
  const enqueued = await producer.tell('steady', order);
  const accepted: (readonly [string, number])[] = [];
  const marks: number[] = [];
  while (accepted.length < enqueued.length) {
    const work = await worker.tell('work', {});
    accepted.push(...work.accepted);
    marks.push(...work.marks);
  }
  return { latencies: between(enqueued, accepted), marks };
}

function between(enqueued: Moments, accepted: Moments): number[] {
  const starts = new Map(enqueued);
  return accepted.map(([key, at]) => at - (starts.get(key) ?? NaN));
}

function noProcess(): Error {
  return new Error('There are no processes');
}
