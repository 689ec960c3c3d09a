import type { Lane } from '../../pool/lane.js';
import type { StoredJob } from '../job/stored-job.js';
import type { BeginMark } from './begin-mark.js';

/** A message to be put into the store. */
export interface StoreEntry {
  readonly jobId: string;
  readonly data: StoredJob;
  readonly lane: Lane;
  readonly delayMs: number;

  /** Whether it is remembered after it was sent. */
  readonly remembered: boolean;
}

/** Where a message of the store stands. */
export type JobState = 'waiting' | 'delayed' | 'active' | 'done' | 'failed';

/** A message that was found in the store. */
export interface FoundJob {
  readonly jobId: string;
  readonly data: unknown;
  readonly lane: Lane;
  readonly state: JobState;
  readonly attempts: number;
  readonly enqueuedAt: Date;
  readonly finishedAt: Date | undefined;
  readonly reason: string | undefined;

  /** Of one that a worker began to send. */
  readonly mark: BeginMark | undefined;
}

/** How many messages stand where. */
export interface StoreCounts {
  readonly waiting: Readonly<Record<Lane, number>>;
  readonly delayed: number;
  readonly active: number;
  readonly failed: number;
  readonly done: number;
  readonly uncertain: number;
}
