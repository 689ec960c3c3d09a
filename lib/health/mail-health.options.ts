/**
 * What may be wrong with an instance: mail is held back (`paused`), the queue
 * takes no more (`queueFull`), or no connection can be had (`unreachable`).
 */
export type MailTrouble = 'paused' | 'queueFull' | 'unreachable';

/** What `MailHealthIndicator.check` takes next to the key. */
export interface MailHealthOptions {
  /**
   * Name of the instance that is looked at.
   *
   * @defaultValue `'default'`
   */
  readonly name?: string | undefined;

  /**
   * What makes the indicator `down`. Whatever restarts or isolates every pod
   * while SendGrid has an incident loses their queues, so nothing does unless
   * it is named here.
   *
   * @defaultValue `[]`
   */
  readonly failOn?: readonly MailTrouble[] | undefined;

  /**
   * Milliseconds that have to pass before an idle connection is asked for a
   * sign of life again; 0 or less never asks.
   *
   * @defaultValue `30000`
   */
  readonly probeIntervalMs?: number | undefined;
}
