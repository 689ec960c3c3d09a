/** Keeps one text for a fleet, which all of its workers change. */
export interface FleetStore {
  /**
   * Puts `after` in the place of `before`, if that is what there is, in one
   * step. Resolves with what there is then; `undefined` stands for nothing.
   * No two workers put the same text, so each knows its own by that.
   * What it rejects with is told to whoever pauses or resumes the fleet.
   */
  swap(before: string | undefined, after: string): Promise<string | undefined>;
}
