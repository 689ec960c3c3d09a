import type { RunPort } from './run-port.js';
import type { Unit } from './unit.js';

/** What a run is made of. */
export interface RunSettings<T, Outcome> {
  /** What the run is called: the method that makes it. */
  readonly name: string;

  readonly source: Iterable<T> | AsyncIterable<T>;

  /** Makes a message of what the source gives. */
  readonly unitOf: (item: T) => Unit<Outcome>;

  readonly port: RunPort;

  /** How many messages may be under way, or have outcomes that were not read. */
  readonly concurrency: number | undefined;

  readonly stopOnError: boolean;
  readonly signal: AbortSignal | undefined;

  /** How many outcomes are expected. */
  readonly total: number | undefined;
}
