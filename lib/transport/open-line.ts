import type { Carrier } from '../delivery/carrier.js';
import { Deliveries } from '../delivery/deliveries.js';
import type { Log } from '../options/log.js';
import type { ResolvedOptions } from '../options/resolved-options.js';
import { CaptureCarrier } from './capture-carrier.js';
import { MailLine } from './mail-line.js';

/** Makes the carrier that the options ask for. Opens no connection yet. */
export function openLine(options: ResolvedOptions, log: Log): MailLine {
  return new MailLine(options, carrierFor(options, log), log);
}

function carrierFor(options: ResolvedOptions, log: Log): Carrier {
  return options.mode === 'smtp'
    ? new Deliveries(options, log)
    : new CaptureCarrier(options);
}
