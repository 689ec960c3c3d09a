import type { FleetLimits } from './fleet-limits.js';
import type { FleetControl, FleetRecord } from './fleet-record.js';

/** What is ordered of a whole fleet. */
export type FleetOrder = (
  control: FleetControl,
) => Omit<FleetControl, 'version'>;

/** Has nobody send until {@link resumeFleet}. */
export function pauseFleet(reason: string): FleetOrder {
  return (control) => ({ ...control, paused: reason });
}

export function resumeFleet(): FleetOrder {
  return ({ limits, configured }) => ({ limits, configured });
}

/** Sets another rate, or none. */
export function limitFleet(rateLimit: FleetLimits['rateLimit']): FleetOrder {
  return (control) => ({
    ...control,
    limits: { ...control.limits, rateLimit },
  });
}

/** The record in which an order is in force. */
export function ordered(record: FleetRecord, order: FleetOrder): FleetRecord {
  const version = record.control.version + 1;
  return { ...record, control: { ...order(record.control), version } };
}

/**
 * The record as a worker finds it that is configured with these limits: others
 * than before take the place of what is in force, also of a rate set at run
 * time.
 */
export function configureFleet(
  record: FleetRecord,
  limits: FleetLimits,
): FleetRecord {
  const before = record.control.configured;
  if (JSON.stringify(before) === JSON.stringify(limits)) return record;
  return ordered(record, (control) => ({
    ...control,
    limits,
    configured: limits,
  }));
}
