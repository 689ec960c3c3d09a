import type { Carrier } from '../delivery/carrier.js';
import { Deliveries } from '../delivery/deliveries.js';
import { UnknownSends } from '../delivery/unknown-sends.js';
import type { Telling } from '../events/telling.js';
import type { ResolvedOptions } from '../options/resolved-options.js';
import { CaptureCarrier, type CaptureSettings } from './capture-carrier.js';
import { MailLine } from './mail-line.js';
import { RecordedDeliveries } from './recorded-deliveries.js';

/** What a line shares with others of its instance, and whose it is. */
export interface LineSettings extends CaptureSettings {
  /** Where sends of unknown outcome are remembered. */
  readonly unknowns?: UnknownSends | undefined;

  /** Whether the store keeps what is sent too. */
  readonly keepsSent?: boolean | undefined;
}

/**
 * Makes a line with the carrier that the options ask for. Opens no connection
 * yet, unless some are to be kept open.
 */
export function openLine(
  options: ResolvedOptions,
  telling: Telling,
  settings: LineSettings = {},
): MailLine {
  const { unknowns = new UnknownSends(telling, options.unknownSends) } =
    settings;
  const carrier = carrierFor(options, telling, { ...settings, unknowns });
  return new MailLine(options, carrier, telling, unknowns);
}

function carrierFor(
  options: ResolvedOptions,
  telling: Telling,
  settings: LineSettings & { readonly unknowns: UnknownSends },
): Carrier {
  if (options.mode !== 'smtp') {
    return new CaptureCarrier(options, telling, settings);
  }
  const { store, keepsSent = false, onIdle } = settings;
  return store !== undefined && keepsSent
    ? new RecordedDeliveries(options, telling, { ...settings, store })
    : new Deliveries(options, telling, onIdle, settings);
}
