import type { MailError } from '../../errors/mail-error.js';
import type { JobVerdict } from '../store/taken-job.js';

/** What becomes of a message that the mail instance has not sent. */
export type JobFate =
  | Exclude<JobVerdict, { kind: 'done' }>
  /** Returned, and no other is to be taken for a while. */
  | { readonly kind: 'blocked'; readonly error: MailError };

/** What is known of a message when its fate is decided. */
export interface FateContext {
  /** How often it was tried, this time not included. */
  readonly attempts: number;

  /** Milliseconds since it was enqueued. */
  readonly ageMs: number;

  /** Whether it is a tenant's: what blocks that one blocks no other. */
  readonly tenant: boolean;

  /** Whether no connection to the relay can be had. */
  readonly outage: boolean;

  readonly onUnknown: 'hold' | 'resend' | 'reconcile';
}
