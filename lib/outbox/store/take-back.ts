import { beneath } from './beneath-engine.js';
import type { JobQueue } from './engine.js';

// A job that a worker began to send waits, too, once that worker was lost: its
// progress is an object then.
const OF_REDIS = `
local progress = redis.call('HGET', KEYS[1], 'progress')
if progress and string.sub(progress, 1, 1) == '{' then return 0 end
local waits = redis.call('ZREM', KEYS[2], ARGV[1]) == 1
  or redis.call('ZREM', KEYS[3], ARGV[1]) == 1
  or redis.call('LREM', KEYS[4], 1, ARGV[1]) == 1
if not waits then return 0 end
return redis.call('DEL', KEYS[1])
`;

const OF_POSTGRES = `
DELETE FROM job
WHERE queue = $1 AND id = $2 AND state IN ('waiting', 'delayed')
  AND jsonb_typeof(progress) IS DISTINCT FROM 'object'
RETURNING id AS record
`;

/**
 * Removes a job that waits and that nobody began to send, in one step: the
 * engine's own `remove` also takes what has ended since somebody looked, or
 * was taken since.
 *
 * @returns whether there was one
 */
export async function takeBack(
  queue: JobQueue,
  jobId: string,
): Promise<boolean> {
  const store = await beneath(queue);
  if (store.kind === 'postgres') {
    const { rows } = await store.queries.query(OF_POSTGRES, [
      queue.name,
      jobId,
    ]);
    return rows.length === 1;
  }
  const places = [jobId, 'prioritized', 'delayed', 'wait'];
  const keys = places.map((place) => queue.toKey(place));
  const removed = await store.commands.eval(
    OF_REDIS,
    keys.length,
    ...keys,
    jobId,
  );
  return removed === 1;
}
