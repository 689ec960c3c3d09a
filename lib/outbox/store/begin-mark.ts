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
): Promise<void> {
  const startedAt = performance.now();
  const held = job.extendLock(token, lockMs);
  const marked = job.updateProgress({ begunAt: Date.now() });
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
