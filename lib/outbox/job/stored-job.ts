import type { Lane } from '../../pool/lane.js';

/** The version of what this package stores. */
export const JOB_VERSION = 1;

/** What of a job anybody may read who can read the store. */
export interface JobLabel {
  /** Where the message was enqueued, for example `production`. */
  readonly environment: string;

  readonly lane: Lane;
}

/**
 * What is stored of a message. The body is JSON inside a text: PostgreSQL's
 * `jsonb` would lose the order of headers and refuse NUL in texts.
 */
export type StoredJob = JobLabel & { readonly v: number } & (
    | { readonly body: string }
    | { readonly key: string; readonly sealed: string }
    | { readonly erased: true }
  );

/** Leaves of a job what names nobody: its version, environment and lane. */
export function eraseJob({ v, environment, lane }: StoredJob): StoredJob {
  return { v, environment, lane, erased: true };
}
