import { DEFAULTS } from './defaults.js';
import { OptionGroup } from './option-group.js';
import type { ResolvedQueueOptions } from './resolved-options.js';
import { Milliseconds, OneOf, Whole } from './rules.js';

/** Bounds of the in-memory queue. */
export interface SendGridSmtpQueueOptions {
  /**
   * Messages that may be unsettled at once, at least 1.
   *
   * @defaultValue 10000
   */
  readonly maxMessages?: number | undefined;

  /**
   * Bytes that composed messages may hold in memory at once, at least 1.
   *
   * @defaultValue 67108864 (64 MiB)
   */
  readonly maxBytes?: number | undefined;

  /**
   * Bytes of a streamed body that are read into memory, so that it can be
   * sent again; a longer stream can be sent once only. 0 reads none.
   *
   * @defaultValue 1048576 (1 MiB)
   */
  readonly maxStreamBytes?: number | undefined;

  /**
   * What a send does when the queue is full: `reject` fails at once with
   * `QUEUE_FULL`, `wait` waits for room.
   *
   * @defaultValue 'reject'
   */
  readonly whenFull?: 'reject' | 'wait' | undefined;

  /**
   * Milliseconds the relay may be unreachable before sends fail at once with
   * `RELAY_UNAVAILABLE`; bulk messages wait on. 0 fails them without delay.
   *
   * @defaultValue 5000
   */
  readonly failFastAfterMs?: number | undefined;
}

/** Validates {@link SendGridSmtpQueueOptions}. */
export class QueueOptions extends OptionGroup implements ResolvedQueueOptions {
  @Whole(1)
  readonly maxMessages = DEFAULTS.queue.maxMessages;

  @Whole(1)
  readonly maxBytes = DEFAULTS.queue.maxBytes;

  @Whole(0)
  readonly maxStreamBytes = DEFAULTS.queue.maxStreamBytes;

  @OneOf('reject', 'wait')
  readonly whenFull = DEFAULTS.queue.whenFull;

  @Milliseconds(0)
  readonly failFastAfterMs = DEFAULTS.queue.failFastAfterMs;
}
