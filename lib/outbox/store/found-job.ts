import { markOf } from './begin-mark.js';
import type { EngineJob, JobQueue } from './engine.js';
import { failureOf, isUncertain } from './failure-text.js';
import { laneOf } from './lane-priority.js';
import type { FoundJob, JobState } from './stored-entry.js';

const STATES: Readonly<Record<string, JobState>> = {
  waiting: 'waiting',
  prioritized: 'waiting',
  delayed: 'delayed',
  active: 'active',
  completed: 'done',
  failed: 'failed',
};

/** A job that failed, for good or uncertain as is asked. */
export async function failedJob(
  queue: JobQueue,
  jobId: string,
  which: 'failed' | 'uncertain',
): Promise<EngineJob | undefined> {
  const state = await queue.getBackend().getState(jobId);
  const job = state === 'failed' ? await queue.getJob(jobId) : undefined;
  if (job === undefined) return undefined;
  const held = isUncertain(failureOf(job.failedReason));
  return held === (which === 'uncertain') ? job : undefined;
}

/** A job of the store, if it is there. */
export async function found(
  queue: JobQueue,
  jobId: string,
): Promise<FoundJob | undefined> {
  const [job, state] = await Promise.all([
    queue.getJob(jobId),
    queue.getBackend().getState(jobId),
  ]);
  const known = stateOf(state);
  return job && known && foundJob(job, known);
}

/** What is known of a job in that state. */
export function foundJob(job: EngineJob, state: JobState): FoundJob {
  return {
    jobId: job.id ?? '',
    data: job.data,
    lane: laneOf(job.priority),
    state,
    attempts: job.attemptsMade,
    enqueuedAt: new Date(job.timestamp),
    finishedAt: job.finishedOn ? new Date(job.finishedOn) : undefined,
    reason: job.failedReason,
    mark: markOf(job.progress),
  };
}

/** Whether somebody has to decide on it. */
export function isHeld({ state, reason }: FoundJob): boolean {
  return state === 'failed' && isUncertain(failureOf(reason));
}

function stateOf(state: string): JobState | undefined {
  return STATES[state];
}
