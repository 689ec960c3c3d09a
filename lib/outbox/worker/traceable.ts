import type { MailMessage } from '../../message/mail-message.js';
import { localPartOf, namePartOf } from '../job/job-ids.js';

/** What SendGrid takes in one transaction; more leave in several, each told of. */
const MOST_RECIPIENTS = 1000;

/**
 * Whether an event that names the message by its Message-ID tells that all of it
 * was taken: it is the outbox's, and the message leaves in one transaction.
 */
export function isTraceable(
  { messageId, to, cc, bcc, envelope, raw }: MailMessage,
  jobId: string,
): boolean {
  if (raw || localPartOf(messageId) !== namePartOf(jobId)) return false;
  const addressed = countOf(to) + countOf(cc) + countOf(bcc);
  return Math.max(addressed, countOf(envelope?.to)) <= MOST_RECIPIENTS;
}

/** At least as many as there are. */
function countOf(addresses: unknown): number {
  if (addresses === undefined || addresses === null) return 0;
  if (typeof addresses === 'string') return addresses.split(',').length;
  if (!Array.isArray(addresses)) {
    const group: unknown = Reflect.get(Object(addresses), 'group');
    return Array.isArray(group) ? countOf(group) : 1;
  }
  return addresses.reduce<number>((sum, one) => sum + countOf(one), 0);
}
