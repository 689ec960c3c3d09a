import type { Batch } from '../delivery/batch.js';
import type { SendReceipt } from '../delivery/receipt.js';
import type { MailMessage } from '../message/mail-message.js';
import type { MailLine } from '../transport/mail-line.js';
import type { Run } from '../transport/runs.js';

/** What a run sends through. */
export interface RunPort {
  /**
   * The line that messages leave by at present.
   *
   * @throws MailError when there is none
   */
  open(): MailLine;

  /** Sends one message as a part of `batch`. */
  send(message: MailMessage, batch: Batch): Promise<SendReceipt>;

  /** As of an outlet. */
  enter(run: Run): (() => void) | undefined;

  /** Logs one line. */
  warn(message: string): void;
}
