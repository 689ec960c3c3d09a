import type { Cost, CostJob } from '../runner/job.js';
import { run } from '../runner/run.js';
import type { Section } from '../report/section.js';
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
 * Performs one run and compares what the server took with what was sent: a
 * library that loses, doubles or reports too much gives no figure at all.
 */
export async function checkedCost(
  { sink }: Bench,
  job: CostJob,
): Promise<CheckedCost> {
  await sink.takeCounts();
  const cost = await run<'cost'>(job);
  const { messages, bytes, connections } = await sink.takeCounts();
  const sent = job.warmUp + job.messages;
  if (messages !== sent) {
    throw new Error(
      `${job.name} sent ${sent} messages, of which ${messages} arrived`,
    );
  }
  return { ...cost, bytes: bytes / messages, connections };
}
