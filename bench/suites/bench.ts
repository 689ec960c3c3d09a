import type { Cost, CostJob } from '../runner/job.js';
import { run } from '../runner/run.js';
import type { Section } from '../report/section.js';
import type { Counts } from '../sink/counts.js';
import type { Sink } from '../sink/sink.js';

/** How much is measured: all of it, enough for a look, or just that it works. */
export type Scale = 'full' | 'quick' | 'smoke';

/** What every suite works with. */
export interface Bench {
  readonly sink: Sink;
  readonly scale: Scale;
}

/** One part of the bench. */
export type Suite = (bench: Bench) => Promise<Section>;

/** One of three values, by the scale. */
export function scaled<T>(
  { scale }: Bench,
  values: { readonly [S in Scale]: T },
): T {
  return values[scale];
}

/** What a run cost, and what the server saw of it. */
export interface CheckedCost extends Cost {
  /** Bytes of one message on the wire. */
  readonly bytes: number;

  readonly connections: number;
}

/**
 * Performs one run whose messages must all arrive.
 *
 * @param perMessage - how many of the job's messages leave as one
 */
export async function checkedCost(
  bench: Bench,
  job: CostJob,
  perMessage = 1,
): Promise<CheckedCost> {
  const sent =
    Math.ceil(job.warmUp / perMessage) + Math.ceil(job.messages / perMessage);
  const { result, counts } = await arriving(bench, sent, () =>
    run<'cost'>(job),
  );
  const { bytes, connections } = counts;
  return { ...result, bytes: bytes / sent, connections };
}

/**
 * Compares what the server took with what was sent meanwhile: whoever loses,
 * doubles or reports too much gives no figure at all.
 */
export async function arriving<T>(
  { sink }: Bench,
  sent: number,
  send: () => Promise<T>,
): Promise<{ readonly result: T; readonly counts: Counts }> {
  await sink.takeCounts();
  const result = await send();
  const counts = await sink.takeCounts();
  if (counts.messages !== sent) {
    throw new Error(`Sent ${sent} messages, of which ${counts.messages} came`);
  }
  return { result, counts };
}
