import { isRecord } from '../../options/is-record.js';
import { Deadline } from './deadline.js';
import type { EngineJob } from './engine.js';
import { reasonOf } from './store-error.js';

/** A message must not leave: that it does could not be noted. */
export class NotBegunError extends Error {
  override readonly name = 'NotBegunError';

  /** Whether the job is another worker's by now. */
  readonly lost: boolean;

  constructor(message: string, lost: boolean) {
    super(message);
    this.lost = lost;
  }
}

/** What is noted of a job whose message is about to leave. */
export interface BeginMark {
  /** In milliseconds since 1970. */
  readonly begunAt: number;

  /** Whether an event that names the message tells that all of it was taken. */
  readonly traceable: boolean;

  /** When an event has told so. */
  readonly acceptedAt?: number;
}

/** Reads a job's mark back, if it has one. */
export function markOf(progress: unknown): BeginMark | undefined {
  if (!isRecord(progress)) return undefined;
  const begunAt: unknown = Reflect.get(progress, 'begunAt');
  const acceptedAt: unknown = Reflect.get(progress, 'acceptedAt');
  return {
    begunAt: typeof begunAt === 'number' ? begunAt : 0,
    traceable: Reflect.get(progress, 'traceable') === true,
    ...(typeof acceptedAt === 'number' && { acceptedAt }),
  };
}

/** How long a message waits, its envelope sent, for the store to answer. */
const MARK_MS = 5000;

/**
 * Marks a job as one that may have been sent, while it is still this worker's:
 * whoever takes it up after this worker finds the mark. Both in one round trip.
 */
export async function markBegun(
  job: EngineJob,
  token: string,
  lockMs: number,
  traceable: boolean,
): Promise<void> {
  const startedAt = performance.now();
  const held = job.extendLock(token, lockMs);
  const marked = job.updateProgress({ begunAt: Date.now(), traceable });
  const late = (): Error =>
    new Error(`the store did not answer within ${MARK_MS} ms`);
  const answers = new Deadline(MARK_MS).of(Promise.all([held, marked]), late);
  const [isHeld] = await answers.catch((error: unknown) => {
    throw new NotBegunError(reasonOf(error), false);
  });
  // Later, another worker might have taken it before it was marked.
  const inTime = performance.now() - startedAt < lockMs / 2;
  if (isHeld !== 1 || !inTime) {
    throw new NotBegunError('another worker has taken the job over', true);
  }
}
