import { MODULE_LOGGER } from './module-logger.js';

/**
 * Warns, once, when nothing in this process listens for SIGTERM: a deployment
 * then ends it at once, and what is queued is lost.
 */
export class HooksCheck {
  #done = false;

  run(): void {
    if (this.#done) return;
    this.#done = true;
    if (process.listenerCount('SIGTERM') > 0) return;
    MODULE_LOGGER.warn(
      'No SIGTERM listener: call app.enableShutdownHooks(), so that queued ' +
        'mail is delivered before the process ends.',
    );
  }
}
