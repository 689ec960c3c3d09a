import type { Carrier } from '../delivery/carrier.js';
import { Deliveries } from '../delivery/deliveries.js';
import type { Telling } from '../events/telling.js';
import type { ResolvedOptions } from '../options/resolved-options.js';
import { CaptureCarrier, type CaptureSettings } from './capture-carrier.js';
import { MailLine } from './mail-line.js';

/**
 * Makes a line with the carrier that the options ask for. Opens no connection
 * yet, unless some are to be kept open.
 */
export function openLine(
  options: ResolvedOptions,
  telling: Telling,
  settings: CaptureSettings = {},
): MailLine {
  return new MailLine(options, carrierFor(options, telling, settings), telling);
}

function carrierFor(
  options: ResolvedOptions,
  telling: Telling,
  settings: CaptureSettings,
): Carrier {
  return options.mode === 'smtp'
    ? new Deliveries(options, telling, settings.onIdle)
    : new CaptureCarrier(options, telling, settings);
}
