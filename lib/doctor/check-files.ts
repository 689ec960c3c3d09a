import { openFileLimit } from '../pool/open-file-limit.js';
import { OpenFiles } from '../pool/open-files.js';
import type { Check } from './report.js';

/** Whether the process may open as many files as the pool may open connections. */
export function checkFiles(
  maxConnections: number,
  limit: number | undefined = openFileLimit(),
): Check {
  const name = 'open files';
  if (limit === undefined) {
    return { name, status: 'ok', found: 'no limit is known' };
  }
  const advice = new OpenFiles(limit).promise(maxConnections);
  return {
    name,
    status: advice === undefined ? 'ok' : 'warning',
    found: `${limit} at once, for ${maxConnections} connections and all else`,
    advice,
    facts: { limit, maxConnections },
  };
}
