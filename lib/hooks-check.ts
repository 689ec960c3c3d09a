import { MODULE_LOGGER } from './module-logger.js';

/** What is missed is the process's, so it is said once for all instances. */
let checked = false;

/**
 * Warns, at the first send of the process, when nothing in it listens for
 * SIGTERM: a deployment then ends it at once, and what is queued is lost.
 */
export function warnWithoutShutdownHooks(): void {
  if (checked) return;
  checked = true;
  if (process.listenerCount('SIGTERM') > 0) return;
  MODULE_LOGGER.warn(
    'No SIGTERM listener: call app.enableShutdownHooks(), so that queued ' +
      'mail is delivered before the process ends.',
  );
}
