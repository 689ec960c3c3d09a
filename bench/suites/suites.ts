import type { Suite } from './bench.js';
import { composed } from './composed.js';
import { prepared } from './prepared.js';

/** Every part of the bench, in the order of the report. */
export const SUITES = {
  prepared,
  composed,
} satisfies Record<string, Suite>;

export type SuiteName = keyof typeof SUITES;
