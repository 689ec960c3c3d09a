import type { MailMessage } from '../message/mail-message.js';
import type { Cancellation } from '../pool/cancellation.js';
import type { Lane } from '../pool/lane.js';
import type { Batch } from './batch.js';

/** What a place in the queue is asked for. */
export interface Submission {
  readonly lane: Lane;

  /** The message as the caller gave it, for those who get it back. */
  readonly message: MailMessage;

  readonly cancellation?: Cancellation | undefined;

  /** What it is sent as a part of, if so: then it always waits for room. */
  readonly batch?: Batch | undefined;
}
