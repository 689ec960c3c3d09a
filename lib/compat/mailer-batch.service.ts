import type { SendReceipt } from '../delivery/receipt.js';
import type { MailerService } from './mailer.service.js';
import type { ISendMailOptions } from './send-mail-options.js';

/** What `MailerBatchService.sendBatch` takes. */
export interface BatchMailOptions {
  /** The messages. */
  readonly messages: readonly ISendMailOptions[];

  /**
   * How many are under way at once.
   *
   * @defaultValue 5
   */
  readonly concurrency?: number | undefined;

  /**
   * Whether none is started after the first that fails.
   *
   * @defaultValue false
   */
  readonly stopOnError?: boolean | undefined;
}

/** How one message of a batch ended. */
export interface BatchItemResult {
  /** Its place in `messages`. */
  readonly index: number;

  /** Whether it was accepted. */
  readonly success: boolean;

  /** What `sendMail` resolved with. */
  readonly result?: SendReceipt;

  /** What `sendMail` rejected with. */
  readonly error?: Error;
}

/** How a batch ended. */
export interface BatchResult {
  /** Messages of the batch. */
  readonly total: number;

  /** Those that were accepted. */
  readonly sent: number;

  /** All others. */
  readonly failed: number;

  /** In the order of `messages`. */
  readonly results: readonly BatchItemResult[];
}

/**
 * Sends lists of messages. `MailService.sendMany` takes any number of them,
 * with one outcome each.
 */
export class MailerBatchService {
  readonly #mailer: Pick<MailerService, 'sendMail'>;

  /** @internal */
  constructor(mailer: Pick<MailerService, 'sendMail'>) {
    this.#mailer = mailer;
  }

  /** Sends every message; never rejects for one that failed. */
  async sendBatch(options: BatchMailOptions): Promise<BatchResult> {
    const { messages, concurrency = 5, stopOnError = false } = options;
    const results: BatchItemResult[] = [];
    const left = messages.entries();
    let stopped = false;
    const work = async (): Promise<void> => {
      for (const [index, message] of left) {
        const result = stopped
          ? neverTried(index)
          : // oxlint-disable-next-line no-await-in-loop -- a worker sends one message after another
            await this.#one(index, message);
        results[index] = result;
        stopped ||= stopOnError && !result.success;
      }
    };
    const workers = Math.max(1, Math.min(concurrency, messages.length));
    await Promise.all(Array.from({ length: workers }, work));
    const sent = results.filter(({ success }) => success).length;
    const total = messages.length;
    return { total, sent, failed: total - sent, results };
  }

  async #one(
    index: number,
    message: ISendMailOptions,
  ): Promise<BatchItemResult> {
    try {
      const result = await this.#mailer.sendMail(message);
      return { index, success: true, result };
    } catch (thrown) {
      const error =
        thrown instanceof Error ? thrown : new Error(String(thrown));
      return { index, success: false, error };
    }
  }
}

function neverTried(index: number): BatchItemResult {
  const error = new Error('Not tried: a message before it failed.');
  return { index, success: false, error };
}
