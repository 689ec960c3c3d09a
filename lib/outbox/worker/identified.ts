import { messageIdHeader, senderDomain } from '../../message/assign-ids.js';
import type { MailMessage } from '../../message/mail-message.js';
import { messageIdOf } from '../job/job-ids.js';

/**
 * The message with a Message-ID that every attempt to send it has, unless it
 * brings its own; one that is `raw` has what its text says.
 */
export function withMessageId(
  message: MailMessage,
  jobId: string,
  defaultFrom: unknown,
): MailMessage {
  const { from, messageId, headers, raw } = message;
  if (raw || messageId || messageIdHeader(headers)) return { ...message };
  const domain = senderDomain(from ?? defaultFrom);
  return { ...message, messageId: messageIdOf(jobId, domain) };
}
