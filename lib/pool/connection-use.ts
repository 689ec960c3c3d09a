/** What one connection does, and how much of it is used up. */
export interface ConnectionUse {
  readonly state: 'connecting' | 'busy' | 'idle' | 'leaving';

  /** Messages that it was given, whatever became of them. */
  readonly messages: number;

  /** How many it may be given before another takes its place. */
  readonly cap: number;

  /** For how long it has been there, in milliseconds. */
  readonly ageMs: number;
}
