/**
 * A message's lane in the queue. `urgent` goes first; while they wait,
 * `normal` gets at least one dispatch in four and `bulk` one in sixteen.
 */
export type Lane = 'urgent' | 'normal' | 'bulk';

/** All lanes, most urgent first. */
export const LANES = ['urgent', 'normal', 'bulk'] as const;
