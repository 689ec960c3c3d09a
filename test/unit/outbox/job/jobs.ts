import {
  DEFAULT_MAX_BYTES,
  encodeJob,
  type JobMeta,
  type JobStorage,
} from '../../../../lib/outbox/job/encode-job.js';
import {
  decodeJob,
  type DecodedJob,
} from '../../../../lib/outbox/job/decode-job.js';
import type { JobCipher } from '../../../../lib/outbox/job/job-cipher.js';
import type { StoredJob } from '../../../../lib/outbox/job/stored-job.js';
import type { MailMessage } from '../../../../lib/message/mail-message.js';

const META: JobMeta = {
  jobId: 'm-1',
  environment: 'production',
  lane: 'normal',
};

/** Encodes a message of whatever type with the usual meta and bound. */
export function encode(
  message: object,
  storage: Partial<JobStorage> = {},
  meta: Partial<JobMeta> = {},
): StoredJob {
  return encodeJob(
    message,
    { ...META, ...meta },
    { maxBytes: DEFAULT_MAX_BYTES, ...storage },
  );
}

/** Reads a job from what a store gives back. */
export function decode(
  job: unknown,
  { cipher, jobId = META.jobId }: { cipher?: JobCipher; jobId?: string } = {},
): DecodedJob {
  const stored: unknown = JSON.parse(JSON.stringify(job));
  return decodeJob(stored, { jobId, cipher });
}

/** The message of a job that can be read; throws for others. */
export function decodedMessage(job: unknown, cipher?: JobCipher): MailMessage {
  const decoded = decode(job, cipher === undefined ? {} : { cipher });
  if (decoded.kind === 'ok') return decoded.message;
  throw new Error(`the job is no message: ${JSON.stringify(decoded)}`);
}
