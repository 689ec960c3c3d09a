import { invalidMessage } from '../message/invalid-message.js';
import type { Lane } from '../pool/lane.js';
import { admitLane, admitSignal } from '../send-options.js';

/** What `MailService.sendMany` takes next to the messages. */
export interface SendManyOptions {
  /**
   * How many messages may be under way at once, or ended with their outcomes
   * not read yet: as many are taken from the source ahead. Of 1 or more.
   *
   * @defaultValue 10 for each of `pool.maxConnections`, of 100 or more, and at
   * most half of `queue.maxMessages`
   */
  readonly concurrency?: number | undefined;

  /**
   * The messages' lane in the queue.
   *
   * @defaultValue `'bulk'`
   */
  readonly lane?: Lane | undefined;

  /**
   * Stops at the first message that is not accepted. What has not left by then
   * is taken back, as not sent.
   *
   * @defaultValue false
   */
  readonly stopOnError?: boolean | undefined;

  /**
   * Sends a message to more than 1,000 recipients in parts, as `send` does.
   *
   * @defaultValue false
   */
  readonly split?: boolean | undefined;

  /** Stops the run, and takes back what has not left, as not sent. */
  readonly signal?: AbortSignal | undefined;

  /** How many messages there are, for `etaMs` of the progress. */
  readonly total?: number | undefined;
}

/** The options of a run, checked. */
export interface AdmittedRun {
  readonly lane: Lane;
  readonly concurrency: number | undefined;
  readonly stopOnError: boolean;
  readonly split: boolean;
  readonly signal: AbortSignal | undefined;
  readonly total: number | undefined;
}

/**
 * Checks the options of a run.
 *
 * @throws MailError `INVALID_MESSAGE`
 */
export function admitRun(options: SendManyOptions): AdmittedRun {
  // Untyped callers may give null.
  const { lane = 'bulk', signal, concurrency, total } = options ?? {};
  admitLane(lane);
  admitSignal(signal);
  admitCount('concurrency', concurrency, 1);
  admitCount('total', total, 0);
  const stopOnError = options?.stopOnError === true;
  const split = options?.split === true;
  return { lane, signal, concurrency, total, stopOnError, split };
}

/**
 * Checks what messages are taken from.
 *
 * @throws MailError `INVALID_MESSAGE`
 */
export function admitSource(name: string, source: unknown): void {
  const isList = typeof source === 'object' && source !== null;
  if (isList && (Symbol.iterator in source || Symbol.asyncIterator in source)) {
    return;
  }
  throw invalidMessage(
    `\`${name}\` takes a list of messages, or another iterable or async iterable of them. Send a single message with \`send\`.`,
  );
}

function admitCount(
  name: string,
  count: number | undefined,
  least: number,
): void {
  if (count === undefined) return;
  if (Number.isSafeInteger(count) && count >= least) return;
  throw invalidMessage(
    `\`${name}\` must be a whole number of at least ${least}.`,
  );
}
