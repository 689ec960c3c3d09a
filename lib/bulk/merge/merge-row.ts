import type { Addressee } from '../../message/addressees.js';

/** One recipient of a merge, checked. */
export interface MergeRow {
  readonly to: Addressee;

  /** The text for each tag of the merge, in their order. */
  readonly texts: readonly string[];

  /** The custom arguments of its own, by name. */
  readonly args: ReadonlyMap<string, string>;
}
