import type { Capabilities } from './capabilities.js';
import type { PipeliningPolicy } from './pipelining-policy.js';

/** What a pipeline works with. */
export interface PipelineSettings {
  readonly capabilities: Capabilities;
  readonly policy: PipeliningPolicy;
  readonly commandMs: number;
  readonly acceptMs: number;
}

/** The connection around a pipeline. */
export interface PipelineHost {
  /** The last bytes of a body are being written: add an envelope or QUIT now. */
  tail(): void;

  /** A transaction has come to its end here. */
  settled(): void;
}

/** Whether the dot of an abandoned message had gone out. */
export type AbortResult = 'not-sent' | 'unknown';
