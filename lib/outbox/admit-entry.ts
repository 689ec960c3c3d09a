import { randomUUID } from 'node:crypto';
import { MailError } from '../errors/mail-error.js';
import { tenantIdProblem } from '../options/tenant-id.js';
import { LANES } from '../pool/lane.js';
import { encodeJob } from './job/encode-job.js';
import { idProblem, jobIdOf } from './job/job-ids.js';
import type { ResolvedOutboxOptions } from './options/resolve-outbox-options.js';
import type {
  MailOutboxEntry,
  MailOutboxPage,
  MailOutboxRef,
  MailOutboxTicket,
} from './outbox-mail.js';
import type { StoreEntry } from './store/stored-entry.js';

const LONGEST_DELAY_MS = 366 * 86_400_000;
const LARGEST_PAGE = 1000;

type Scope = Pick<ResolvedOutboxOptions, 'environment'>;

/** A message as it is put into the store. */
export interface AdmittedEntry extends MailOutboxTicket {
  readonly stored: StoreEntry;
}

/**
 * Checks a message and makes what is stored of it.
 *
 * @throws MailError `INVALID_MESSAGE`
 */
export function admitEntry(
  entry: MailOutboxEntry,
  { environment, maxBytes, cipher }: ResolvedOutboxOptions,
): AdmittedEntry {
  const { message, delayMs = 0, lane = 'normal', tenant } = entry;
  if (!LANES.includes(lane)) {
    throw invalid(`\`lane\` must be one of ${LANES.join(', ')}.`);
  }
  if (!(delayMs >= 0 && delayMs <= LONGEST_DELAY_MS)) {
    throw invalid(
      `\`delayMs\` must be a number of milliseconds from 0 to ${LONGEST_DELAY_MS}.`,
    );
  }
  const id = entry.id ?? randomUUID();
  const jobId = jobIdFor(id, tenant, environment);
  const meta = { jobId, environment, lane, id, tenant };
  const data = encodeJob(message, meta, { maxBytes, cipher });
  const remembered = entry.id !== undefined;
  const rounded = Math.round(delayMs);
  return {
    id,
    jobId,
    stored: { jobId, data, lane, delayMs: rounded, remembered },
  };
}

/**
 * The engine's id of a message.
 *
 * @throws MailError `INVALID_MESSAGE`
 */
export function jobIdOfRef(ref: MailOutboxRef, { environment }: Scope): string {
  if (typeof ref === 'string') return jobIdFor(ref, undefined, environment);
  if ('id' in ref) return jobIdFor(ref.id, ref.tenant, environment);
  const { jobId } = ref;
  if (typeof jobId === 'string' && /^m-[\w-]{1,100}$/.test(jobId)) return jobId;
  throw invalid('`jobId` must be the id of a job of the outbox.');
}

/**
 * Checks which part of a list is wanted.
 *
 * @throws MailError `INVALID_MESSAGE`
 */
export function admitPage({
  offset = 0,
  limit = 100,
}: MailOutboxPage): Required<{ offset: number; limit: number }> {
  const fits =
    Number.isInteger(offset) &&
    offset >= 0 &&
    Number.isInteger(limit) &&
    limit >= 1 &&
    limit <= LARGEST_PAGE;
  if (fits) return { offset, limit };
  throw invalid(
    `\`offset\` must be a whole number from 0, and \`limit\` one from 1 to ${LARGEST_PAGE}.`,
  );
}

function jobIdFor(
  id: string,
  tenant: string | undefined,
  environment: string,
): string {
  const problem = idProblem(id);
  if (problem !== undefined) throw invalid(`The \`id\` ${problem}.`);
  const whose = tenant === undefined ? undefined : tenantIdProblem(tenant);
  if (whose !== undefined) throw invalid(`The \`tenant\` ${whose}.`);
  return jobIdOf(id, { environment, tenant });
}

function invalid(message: string): MailError {
  return new MailError('INVALID_MESSAGE', message);
}
