import type { Lane } from '../../pool/lane.js';
import { BulkRun } from '../bulk-run.js';
import type { RunPort } from '../run-port.js';
import { SendRun } from '../send-run.js';
import { Merge } from './merge.js';
import type { MergeMessage } from './merge-message.js';
import { admitMergeRun, type SendMergeOptions } from './merge-options.js';
import { packUnits } from './pack-units.js';
import type { MergeOutcome, PackUnit } from './pack-unit.js';

/** Has a template write what the message does not hold itself. */
type Render = (message: MergeMessage) => Promise<MergeMessage>;

/**
 * Makes a run that sends a merge, one pack of its recipients after another.
 *
 * @param portOf - what the run sends through, in a lane
 * @param render - for a message that names a template
 * @throws MailError `INVALID_MESSAGE`
 */
export function mergeRun(
  message: MergeMessage,
  options: SendMergeOptions,
  portOf: (lane: Lane) => RunPort,
  render?: Render,
): SendRun<MergeOutcome> {
  const { run, limits, raw } = admitMergeRun(options);
  const { lane, ...settings } = run;
  const mergeOf = (whole: MergeMessage): Merge => new Merge(whole, raw, limits);
  // What is wrong whatever the template gives is told at once.
  const merge = mergeOf(message);
  return new SendRun(
    new BulkRun({
      ...settings,
      name: 'sendMerge',
      source:
        render === undefined
          ? packUnits(merge, message.recipients)
          : renderedUnits(message, render, mergeOf),
      unitOf: (unit: PackUnit) => unit,
      port: portOf(lane),
    }),
  );
}

/** Rendered once, when the run begins. */
async function* renderedUnits(
  message: MergeMessage,
  render: Render,
  mergeOf: (whole: MergeMessage) => Merge,
): AsyncGenerator<PackUnit, undefined> {
  const whole = await render(message);
  yield* packUnits(mergeOf(whole), whole.recipients);
  return undefined;
}
