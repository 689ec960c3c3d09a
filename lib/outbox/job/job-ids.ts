import { createHash, randomBytes } from 'node:crypto';

const LONGEST = 256;
const HASH_BYTES = 32;

// Reserved (RFC 6761), so it names no host of anybody.
const FALLBACK_DOMAIN = 'message.invalid';

/** Within what an id names one message. */
export interface IdScope {
  readonly environment: string;
  readonly tenant?: string | undefined;
}

/** Says what is wrong with the id of a message, or nothing. */
export function idProblem(id: unknown): string | undefined {
  if (typeof id !== 'string' || id.length < 1 || id.length > LONGEST) {
    return `must be a text of 1 to ${LONGEST} characters`;
  }
  // Halves of a pair have no UTF-8, so ids that differ in them would be one.
  return /\p{Surrogate}/u.test(id)
    ? 'must be Unicode text, but holds half of a surrogate pair'
    : undefined;
}

/**
 * The engine's id of a job: the same for the same message id within a scope,
 * and never what BullMQ refuses. Without an id it is random.
 */
export function jobIdOf(id: string | undefined, scope: IdScope): string {
  const name =
    id === undefined
      ? randomBytes(HASH_BYTES).toString('base64url')
      : hashOf('job', scope.environment, scope.tenant ?? null, id);
  return `m-${name}`;
}

/**
 * The Message-ID of a job, in angle brackets: the same for every attempt and
 * for whatever is enqueued under the same id.
 */
export function messageIdOf(jobId: string, domain?: string): string {
  return `<${namePartOf(jobId)}@${domain || FALLBACK_DOMAIN}>`;
}

/** What stands before the `@` in the Message-ID of a job. */
export function namePartOf(jobId: string): string {
  return hashOf('message-id', jobId);
}

/** What stands before the `@` in a Message-ID, if it may be one of a job. */
export function localPartOf(
  messageId: string | null | undefined,
): string | undefined {
  return /^<([\w-]{43})@[^@>]+>$/.exec(messageId ?? '')?.[1];
}

// JSON keeps parts apart that would be the same when joined.
function hashOf(...parts: readonly (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}
