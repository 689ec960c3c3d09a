import type { Carrier } from '../delivery/carrier.js';
import { Deliveries } from '../delivery/deliveries.js';
import { tellingOf, type Telling } from '../events/telling.js';
import type { Log } from '../options/log.js';
import type { ResolvedOptions } from '../options/resolved-options.js';
import { CaptureCarrier } from './capture-carrier.js';
import { MailLine } from './mail-line.js';

/**
 * Makes the carrier that the options ask for, of an instance of that name.
 * Opens no connection yet.
 */
export function openLine(
  options: ResolvedOptions,
  name: string,
  log: Log,
): MailLine {
  const telling = tellingOf(name, options, log);
  return new MailLine(options, carrierFor(options, telling), telling);
}

function carrierFor(options: ResolvedOptions, telling: Telling): Carrier {
  return options.mode === 'smtp'
    ? new Deliveries(options, telling)
    : new CaptureCarrier(options, telling);
}
