import { setTimeout as sleep } from 'node:timers/promises';
import { NotBegunError } from './begin-mark.js';

const PAUSE_MS = 250;
const TRIES = 240;

/**
 * Does what has to be done in the store, however often that takes while the
 * store is in trouble: for a minute. What the engine itself refuses is not
 * tried again: the job is another worker's, or gone.
 */
export async function persist<T>(
  work: () => Promise<T>,
  tries = TRIES,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (tries <= 1 || isFinal(error)) throw error;
  }
  await sleep(PAUSE_MS, undefined, { ref: false });
  return persist(work, tries - 1);
}

/** BullMQ gives its refusals a number below zero. */
function isFinal(error: unknown): boolean {
  if (error instanceof NotBegunError) return true;
  const code: unknown = Reflect.get(Object(error), 'code');
  return typeof code === 'number' && code < 0;
}
