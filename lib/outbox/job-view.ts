import { decodeJob } from './job/decode-job.js';
import type { ResolvedOutboxOptions } from './options/resolve-outbox-options.js';
import type { MailOutboxFailure, MailOutboxState } from './outbox-mail.js';
import { failureOf, isUncertain } from './store/failure-text.js';
import type { FoundJob, JobState } from './store/stored-entry.js';

const STATES: Readonly<Record<JobState, MailOutboxState>> = {
  waiting: 'waiting',
  delayed: 'delayed',
  active: 'sending',
  done: 'sent',
  failed: 'failed',
};

/** Where a message stands that was looked for. */
export function stateOfJob(job: FoundJob | undefined): MailOutboxState {
  if (job === undefined) return 'absent';
  const { state, reason } = job;
  const held = state === 'failed' && isUncertain(failureOf(reason));
  return held ? 'uncertain' : STATES[state];
}

/** What is told of a message that failed or is uncertain. */
export function failureOfJob(
  job: FoundJob,
  { cipher }: Pick<ResolvedOutboxOptions, 'cipher'>,
): MailOutboxFailure {
  const { jobId, lane, attempts, enqueuedAt, finishedAt, data } = job;
  const decoded = decodeJob(data, { jobId, cipher });
  const whose =
    decoded.kind === 'ok' ? { id: decoded.id, tenant: decoded.tenant } : {};
  return {
    ...whose,
    jobId,
    lane,
    ...failureOf(job.reason),
    attempts,
    enqueuedAt,
    failedAt: finishedAt,
  };
}
