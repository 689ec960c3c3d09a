import { tellingOf, type Telling } from '../../lib/events/telling.js';
import { SILENT, type Log } from '../../lib/options/log.js';

/** Tells everything to a log and whoever subscribes. */
export function telling(log: Log = SILENT): Telling {
  return tellingOf('tests', { showRecipients: false }, log);
}
