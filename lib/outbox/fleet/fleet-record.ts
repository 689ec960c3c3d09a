import type { FleetLimits } from './fleet-limits.js';

/** Connections, and messages within the time of the rate limit. */
export interface Amounts {
  readonly connections: number;
  readonly messages: number;
}

/** What the fleet knows of one worker. */
export interface Lease {
  /** Counts the times that the worker has renewed it. */
  readonly beat: number;

  /** For how long it is known, at least, that it has not: in milliseconds. */
  readonly age: number;

  /** After how long it ends without that, in milliseconds. */
  readonly leaseMs: number;

  /** Whether the worker has left in good order. */
  readonly left: boolean;

  /** What it could make use of. */
  readonly wants: Amounts;

  /** What it may use, and no less than what it does use: its share. */
  readonly has: Amounts;

  /** The version of {@link FleetControl} that it follows. */
  readonly follows: number;
}

/** What holds for all workers. */
export interface FleetControl {
  /** Rises with every change. */
  readonly version: number;

  /** Those in force. */
  readonly limits: FleetLimits;

  /** Those of the options of the worker that brought others last. */
  readonly configured: FleetLimits;

  /** Why nothing is to be sent, if so. */
  readonly paused?: string | undefined;
}

/** All that a fleet shares, as it is kept in the store: one value. */
export interface FleetRecord {
  readonly control: FleetControl;
  readonly leases: Readonly<Record<string, Lease>>;
}

export const NOTHING: Amounts = Object.freeze({ connections: 0, messages: 0 });

/** Of the form, so that a later one is told from this. */
const FORM = 1;

/** The record as a text, the same for the same record. */
export function writeRecord({ control, leases }: FleetRecord): string {
  return JSON.stringify({ form: FORM, control, leases });
}

/**
 * Reads what {@link writeRecord} made.
 *
 * @throws Error when a later version of this package has made it
 */
export function readRecord(text: string): FleetRecord {
  // Only this module writes it.
  const { form, ...record }: FleetRecord & { form: number } = JSON.parse(text);
  if (form === FORM) return record;
  throw new Error(
    `The fleet's record in the store has form ${form}, and this version of nestjs-sendgrid-smtp knows form ${FORM}: bring all workers to the same version.`,
  );
}

/** The record of a fleet that nobody has joined yet. */
export function newRecord(limits: FleetLimits): FleetRecord {
  const control = { version: 1, limits, configured: limits };
  return { control, leases: {} };
}
