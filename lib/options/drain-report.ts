/** How the messages that were pending when a drain began have ended. */
export interface DrainReport {
  readonly accepted: number;
  readonly rejected: number;
  readonly unknown: number;
  readonly notSent: number;
}
