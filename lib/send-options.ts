import { MailError } from './errors/mail-error.js';
import type { UnsentMail } from './options/drain-report.js';
import { LONGEST_TIMER_MS } from './options/rules.js';
import { Cancellation } from './pool/cancellation.js';
import { LANES, type Lane } from './pool/lane.js';

/** What `MailService.enqueue` takes next to the message. */
export interface EnqueueOptions {
  /**
   * The message's lane in the queue.
   *
   * @defaultValue `'normal'`
   */
  readonly lane?: Lane | undefined;

  /**
   * Sends a message with more than 1,000 recipients in parts of that many, all
   * of them the same message with every `to` and `cc` in its headers. Refused
   * otherwise.
   *
   * @defaultValue false
   */
  readonly split?: boolean | undefined;
}

/** What `MailService.send` takes next to the message. */
export interface SendOptions extends EnqueueOptions {
  /**
   * Gives the message up: `ABORTED` while it has not left, `OUTCOME_UNKNOWN`
   * once it has.
   */
  readonly signal?: AbortSignal | undefined;

  /**
   * Milliseconds from the call after which the message is given up:
   * `TIMED_OUT` while it has not left, `OUTCOME_UNKNOWN` once it has. None by
   * default.
   */
  readonly timeoutMs?: number | undefined;
}

/** What `MailService.purge` takes. */
export interface PurgeOptions {
  /** Of which lane; of all when left out. */
  readonly lane?: Lane | undefined;

  /** Which messages; all when left out. */
  readonly where?: ((mail: UnsentMail) => boolean) | undefined;
}

/** What `MailService.drain` takes. */
export interface DrainOptions {
  /**
   * Milliseconds that pending messages have.
   *
   * @defaultValue the option `shutdown.timeoutMs`
   */
  readonly timeoutMs?: number | undefined;
}

/**
 * Checks the options of a send and starts its clock.
 *
 * @throws MailError `INVALID_MESSAGE`
 */
export function admitSend(options: SendOptions): {
  lane: Lane;
  cancellation: Cancellation | undefined;
  split: boolean;
} {
  // Untyped callers may give null.
  const { lane = 'normal', signal, timeoutMs, split = false } = options ?? {};
  admitLane(lane);
  if (typeof split !== 'boolean') throw invalid('`split` must be a boolean.');
  if (timeoutMs !== undefined) admitTimeout(timeoutMs);
  admitSignal(signal);
  const cancellation =
    signal === undefined && timeoutMs === undefined
      ? undefined
      : new Cancellation(signal, timeoutMs);
  return { lane, cancellation, split };
}

/**
 * Checks the options of a purge.
 *
 * @throws MailError `INVALID_MESSAGE`
 */
export function admitPurge(options: PurgeOptions): PurgeOptions {
  // As above.
  const { lane, where } = options ?? {};
  if (lane !== undefined) admitLane(lane);
  return { lane, where };
}

/**
 * Checks a time limit.
 *
 * @throws MailError `INVALID_MESSAGE`
 */
export function admitTimeout(timeoutMs: number): void {
  if (timeoutMs > 0 && timeoutMs <= LONGEST_TIMER_MS) return;
  throw invalid(
    '`timeoutMs` must be a number of milliseconds above 0 and at most ' +
      `${LONGEST_TIMER_MS}.`,
  );
}

/**
 * Checks a lane.
 *
 * @throws MailError `INVALID_MESSAGE`
 */
export function admitLane(lane: Lane): void {
  if (LANES.includes(lane)) return;
  throw invalid(`\`lane\` must be one of ${LANES.join(', ')}.`);
}

/**
 * Checks a signal, if there is one.
 *
 * @throws MailError `INVALID_MESSAGE`
 */
export function admitSignal(signal: AbortSignal | undefined): void {
  if (signal === undefined || signal instanceof AbortSignal) return;
  throw invalid('`signal` must be an AbortSignal.');
}

function invalid(message: string): MailError {
  return new MailError('INVALID_MESSAGE', message);
}
