import { Logger } from '@nestjs/common';
import type { Log } from './options/log.js';

/** The one logger of the module; `app.useLogger` swaps what is behind it. */
export const MODULE_LOGGER = new Logger('SendGridSmtpModule');

/** The module's logger as the layers below the face see it. */
export function instanceLog(name: string): Log {
  return {
    info: (message) => MODULE_LOGGER.log(`[${name}] ${message}`),
    warn: (message) => MODULE_LOGGER.warn(`[${name}] ${message}`),
  };
}
