import { isLive } from './age-leases.js';
import type { FleetLimits } from './fleet-limits.js';
import type { FleetRecord } from './fleet-record.js';

/** One worker of a fleet, as the store knows it. */
export interface FleetWorker {
  /** Random, another one each time that a worker starts. */
  readonly id: string;

  /** Connections that it may hold, or still does. */
  readonly connections: number;

  /** Messages it may send within the time of the rate limit, or still counts. */
  readonly messages: number;

  /** Whether it follows what was ordered last. */
  readonly upToDate: boolean;
}

/** A fleet as the store knows it. */
export interface FleetStatus {
  /** Those in force, with the rate that was set last. */
  readonly limits: FleetLimits;

  /** Why the fleet is paused; absent while it is not. */
  readonly paused?: string | undefined;

  /** Those at work, as far as their leases tell. */
  readonly workers: readonly FleetWorker[];
}

export function statusOf({ control, leases }: FleetRecord): FleetStatus {
  const { limits, paused, version } = control;
  const workers = Object.entries(leases)
    .filter(([, lease]) => isLive(lease))
    .map(([id, { has, follows }]) => ({
      id,
      connections: has.connections,
      messages: has.messages,
      upToDate: follows === version,
    }));
  return { limits, ...(paused !== undefined && { paused }), workers };
}
