import type { FailureReason } from './failure-text.js';
import type { StoredJob } from '../job/stored-job.js';

/** A job that a worker has taken. */
export interface TakenJob {
  readonly jobId: string;
  readonly data: unknown;

  /** How often it was tried before, not counting what was nobody's fault. */
  readonly attempts: number;

  /** When it was enqueued, in milliseconds since 1970. */
  readonly enqueuedAt: number;

  /** Whether it is remembered once it was sent. */
  readonly remembered: boolean;

  /** Whether a worker began to send it and never told how that ended. */
  readonly begun: boolean;

  /** Whether an event has told since that it was sent. */
  readonly accepted: boolean;

  /**
   * Notes that from now on it may have been sent.
   *
   * @param traceable - whether an event that names it tells that all of it was
   * @throws NotBegunError when that could not be noted, or another worker has
   * taken the job over
   */
  begin(traceable: boolean): Promise<void>;
}

/** What is to become of a job. */
export type JobVerdict =
  /** Done; what stays of it, if it is remembered. */
  | { readonly kind: 'done'; readonly erased: StoredJob }
  /** Never tried again by itself. */
  | ({ readonly kind: 'failed' } & FailureReason)
  /** May have been sent: somebody has to decide. */
  | ({ readonly kind: 'uncertain' } & FailureReason)
  /** Tried again later, at the cost of an attempt. */
  | ({ readonly kind: 'deferred'; readonly delayMs: number } & FailureReason)
  /** Tried again later, at no cost. */
  | {
      readonly kind: 'delayed';
      readonly delayMs: number;
      readonly code: string;
    }
  /** Back to where it was, for whichever worker is next. */
  | { readonly kind: 'returned' }
  /** Another worker's by now. */
  | { readonly kind: 'lost' };

/** What a worker does with a job. Never rejects. */
export type JobHandler = (job: TakenJob) => Promise<JobVerdict>;
