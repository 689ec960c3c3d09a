import type { Lane } from '../../pool/lane.js';
import { BulkRun } from '../bulk-run.js';
import type { RunPort } from '../run-port.js';
import { SendRun } from '../send-run.js';
import { Merge } from './merge.js';
import type { MergeMessage } from './merge-message.js';
import { admitMergeRun, type SendMergeOptions } from './merge-options.js';
import { packUnits } from './pack-units.js';
import type { MergeOutcome, PackUnit } from './pack-unit.js';

/**
 * Makes a run that sends a merge, one pack of its recipients after another.
 *
 * @param portOf - what the run sends through, in a lane
 * @throws MailError `INVALID_MESSAGE`
 */
export function mergeRun(
  message: MergeMessage,
  options: SendMergeOptions,
  portOf: (lane: Lane) => RunPort,
): SendRun<MergeOutcome> {
  const { run, limits, raw } = admitMergeRun(options);
  const { lane, ...settings } = run;
  const merge = new Merge(message, raw, limits);
  return new SendRun(
    new BulkRun({
      ...settings,
      name: 'sendMerge',
      source: packUnits(merge, message.recipients),
      unitOf: (unit: PackUnit) => unit,
      port: portOf(lane),
    }),
  );
}
