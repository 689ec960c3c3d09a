import { isMailError } from '../../errors/mail-error.js';
import { isFields } from '../../message/header-entries.js';
import type { MailMessage } from '../../message/mail-message.js';
import { LANES } from '../../pool/lane.js';
import type { JobCipher, Sealed } from './job-cipher.js';
import { sealingContext } from './sealing-context.js';
import { storableMessage } from './storable-message.js';
import { JOB_VERSION, type JobLabel } from './stored-job.js';
import { fromJson } from './tagged-json.js';

/** What is known of a job when it is read. */
export interface DecodeContext {
  /** Under which id the store has it. */
  readonly jobId: string;

  readonly cipher?: JobCipher | undefined;
}

/** A message as it was enqueued. */
interface DecodedMessage extends JobLabel {
  readonly message: MailMessage;

  /** The id that the user gave. */
  readonly id: string | undefined;

  /** Whose instance sends it. */
  readonly tenant: string | undefined;
}

/**
 * What a job in the store turned out to be. `newer` and `unknown-key` are no
 * fault of the job: it goes back for a worker that can read it.
 */
export type DecodedJob =
  | ({ readonly kind: 'ok' } & DecodedMessage)
  | ({ readonly kind: 'erased' } & JobLabel)
  | ({ readonly kind: 'unknown-key'; readonly keyId: string } & JobLabel)
  | { readonly kind: 'newer'; readonly version: number }
  | { readonly kind: 'invalid'; readonly reason: string };

type Fields = Readonly<Record<string, unknown>>;

/** Reads a job of one version. */
type Reader = (job: Fields, context: DecodeContext) => DecodedJob;

/** One reader for each version that was ever stored; none is ever removed. */
const READERS: ReadonlyMap<unknown, Reader> = new Map([[1, readFirst]]);

/** Reads what `encodeJob` and `eraseJob` of this or an older version made. */
export function decodeJob(data: unknown, context: DecodeContext): DecodedJob {
  if (!isFields(data)) return invalid('it is no object');
  const version = data['v'];
  const read = READERS.get(version);
  if (read !== undefined) return read(data, context);
  return Number.isInteger(version) && Number(version) > JOB_VERSION
    ? { kind: 'newer', version: Number(version) }
    : invalid('it has no known version');
}

function readFirst(job: Fields, context: DecodeContext): DecodedJob {
  const label = labelOf(job);
  if (label === undefined) return invalid('its environment or lane is wrong');
  const { body, key, sealed, erased } = job;
  if (erased === true) return { kind: 'erased', ...label };
  if (typeof body === 'string') return readBody(body, label);
  return typeof key === 'string' && typeof sealed === 'string'
    ? readSealed({ key, sealed }, label, context)
    : invalid('it has no body');
}

function readSealed(
  sealed: Sealed,
  label: JobLabel,
  { jobId, cipher }: DecodeContext,
): DecodedJob {
  const context = sealingContext(jobId, { v: 1, ...label });
  const opened = cipher?.open(sealed, context) ?? { kind: 'unknown-key' };
  switch (opened.kind) {
    case 'opened':
      return readBody(opened.text, label);
    case 'tampered':
      return invalid(
        'its body was not sealed for this job, or was changed since',
      );
    case 'unknown-key':
      return { kind: 'unknown-key', keyId: sealed.key, ...label };
  }
}

function labelOf({ environment, lane }: Fields): JobLabel | undefined {
  const known = LANES.find((one) => one === lane);
  return typeof environment === 'string' && known !== undefined
    ? { environment, lane: known }
    : undefined;
}

function readBody(text: string, label: JobLabel): DecodedJob {
  const body = parsed(text);
  if (!isFields(body)) return invalid('its body is no JSON object');
  const { id, tenant } = body;
  if (!isText(id) || !isText(tenant)) return invalid('its names are no texts');
  try {
    const message = storableMessage(fromJson(body['message']));
    return { kind: 'ok', ...label, id, tenant, message };
  } catch (error) {
    if (!isMailError(error)) throw error;
    return invalid(error.message);
  }
}

function isText(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What its error quotes may be personal data.
    return undefined;
  }
}

function invalid(reason: string): DecodedJob {
  return { kind: 'invalid', reason };
}
