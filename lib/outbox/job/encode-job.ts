import { invalidMessage } from '../../message/invalid-message.js';
import type { MailMessage } from '../../message/mail-message.js';
import type { JobCipher } from './job-cipher.js';
import { leastBytes } from './least-bytes.js';
import { sealingContext } from './sealing-context.js';
import { storableMessage } from './storable-message.js';
import { JOB_VERSION, type JobLabel, type StoredJob } from './stored-job.js';
import { toJson } from './tagged-json.js';

/** Bound of a body's JSON when the user sets none: 10 MiB. */
export const DEFAULT_MAX_BYTES = 10 * 1024 * 1024;

/** What is stored next to a message. */
export interface JobMeta extends JobLabel {
  /** The engine's id of the job, see `jobIdOf`. */
  readonly jobId: string;

  /** The id that the user gave. */
  readonly id?: string | undefined;

  /** Whose instance sends the message. */
  readonly tenant?: string | undefined;
}

/** How messages are stored. */
export interface JobStorage {
  /** Bound of a body's JSON in bytes, before it is encrypted. */
  readonly maxBytes: number;

  /** Bodies are readable without. */
  readonly cipher?: JobCipher | undefined;
}

/**
 * Makes what is stored of a message.
 *
 * @throws MailError `INVALID_MESSAGE` for what cannot be stored, naming the
 * field, and for a body of more than `maxBytes`
 */
export function encodeJob(
  message: MailMessage,
  { jobId, environment, lane, id, tenant }: JobMeta,
  { maxBytes, cipher }: JobStorage,
): StoredJob {
  const label = { v: JOB_VERSION, environment, lane };
  const body = bodyOf({ id, tenant, message }, maxBytes);
  return cipher === undefined
    ? { ...label, body }
    : { ...label, ...cipher.seal(body, sealingContext(jobId, label)) };
}

function bodyOf(
  {
    message,
    ...names
  }: {
    message: MailMessage;
    id?: string | undefined;
    tenant?: string | undefined;
  },
  maxBytes: number,
): string {
  const copy = storableMessage(message);
  // Before a text is made that may be longer than Node.js can hold.
  refuseSize(leastBytes(copy), maxBytes);
  const body = JSON.stringify({ ...names, message: toJson(copy) });
  refuseSize(Buffer.byteLength(body), maxBytes);
  return body;
}

function refuseSize(bytes: number, maxBytes: number): void {
  if (bytes <= maxBytes) return;
  throw invalidMessage(
    `The message takes ${bytes} bytes in the outbox, more than \`maxBytes\` ` +
      `allows (${maxBytes}). Link to large files instead of attaching them, ` +
      'use `MailService.send`, or raise `maxBytes`.',
  );
}
