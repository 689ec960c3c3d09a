import type { SendReceipt } from '../../delivery/receipt.js';
import type { MailOutboxRefusedEvent } from '../outbox-events.js';
import type { OutboxNews } from '../outbox-news.js';
import type { FailureReason } from '../store/failure-text.js';
import type { TakenJob } from '../store/taken-job.js';
import type { JobFate } from './job-fate.js';

/** Why a message may have been sent that a worker began to send. */
export const LOST_WORKER: FailureReason = {
  code: 'OUTCOME_UNKNOWN',
  message:
    'A worker was lost while it sent the message, so whether SendGrid took it is unknown. Sending it again may deliver it twice.',
};

const REFUSALS: Record<MailOutboxRefusedEvent['reason'], string> = {
  environment:
    'it was enqueued in another environment. Check `environment`, and that this process may use this store',
  newer:
    'it was enqueued by a newer version of this package. Update this process',
  'unknown-key': 'it is encrypted with a key that `encryption.keys` lacks',
};

/** Tells that a message was accepted. */
export function tellSent(
  news: OutboxNews,
  { jobId, enqueuedAt }: TakenJob,
  id: string | undefined,
  { messageId, sendGridId, accepted, rejected }: SendReceipt,
): void {
  news.tell({
    type: 'sent',
    id,
    jobId,
    messageId,
    sendGridId,
    accepted: accepted.length,
    rejected: rejected.length,
    totalMs: Date.now() - enqueuedAt,
  });
}

/** Tells what becomes of a message that was not sent. */
export function tellFate(
  news: OutboxNews,
  { jobId }: TakenJob,
  id: string | undefined,
  fate: Exclude<JobFate, { kind: 'blocked' }>,
): void {
  switch (fate.kind) {
    case 'failed': {
      const { code, message } = fate;
      news.tell({ type: 'failed', id, jobId, code, message });
      news.warn(`Mail ${jobId} failed: ${message} (${code})`);
      break;
    }
    case 'uncertain': {
      const { message } = fate;
      news.tell({ type: 'uncertain', id, jobId, message });
      news.warn(`Mail ${jobId} is uncertain: ${message}`);
      break;
    }
    case 'deferred':
    case 'delayed': {
      const { code, delayMs } = fate;
      news.tell({ type: 'deferred', id, jobId, code, retryInMs: delayMs });
      break;
    }
    // Nothing has become of it.
    case 'returned':
    case 'lost':
  }
}

/** Tells that a message is left to other workers. */
export function tellRefused(
  news: OutboxNews,
  { jobId }: TakenJob,
  reason: MailOutboxRefusedEvent['reason'],
): void {
  news.tell({ type: 'refused', jobId, reason });
  news.warnOnce(`Mail ${jobId} was put back: ${REFUSALS[reason]}.`, reason);
}
