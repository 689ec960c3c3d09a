import type { Spread } from '../figures.js';

/** A promise of the product, and what was measured. */
export interface Verdict {
  readonly what: string;
  readonly measured: Spread;
  readonly want: 'at least' | 'at most';
  readonly bar: number;
  readonly unit: string;

  /** What the project would like to reach, where that is more than the bar. */
  readonly reach?: number;
}

/** One part of the report: what was measured how, a table, and verdicts. */
export interface Section {
  readonly title: string;
  readonly text: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly verdicts: readonly Verdict[];
}

/** Whether the median keeps the promise. */
export function holds({ measured, want, bar }: Verdict): boolean {
  return want === 'at least' ? measured.median >= bar : measured.median <= bar;
}
