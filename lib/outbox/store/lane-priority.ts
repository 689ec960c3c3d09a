import { LANES, type Lane } from '../../pool/lane.js';

// Never 0: what has no priority waits in a list that BullMQ searches in full.
const PRIORITIES: Readonly<Record<Lane, number>> = {
  urgent: 1,
  normal: 2,
  bulk: 3,
};

/** The priority of a lane in the engine, the smallest first. */
export function priorityOf(lane: Lane): number {
  return PRIORITIES[lane];
}

/** The lane of a priority. */
export function laneOf(priority: number): Lane {
  return LANES.find((lane) => PRIORITIES[lane] === priority) ?? 'normal';
}
