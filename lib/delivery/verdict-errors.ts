import { MailError } from '../errors/mail-error.js';
import type { Verdict } from '../pool/job.js';
import type { ConnectionError } from '../smtp/connection-error.js';
import { replyLine } from '../smtp/reply.js';

type Rejected = Extract<Verdict, { kind: 'rejected' }>;

/** The relay refused the message for good, or for now (4yz). */
export function rejection({ reply, command }: Rejected): MailError {
  const temporary = reply.code < 500;
  const advice = temporary
    ? 'The refusal is temporary: send it again later.'
    : 'Sending it again unchanged will be refused again.';
  return new MailError(
    'REJECTED',
    `SendGrid refused the message (${command}: ${replyLine(reply)}). ${advice}`,
    {
      scope: command === 'RCPT TO' ? 'recipient' : 'message',
      retryable: temporary,
      reply,
      command,
    },
  );
}

/** The message went out whole and its reply never came. */
export function outcomeUnknown(cause: ConnectionError | MailError): MailError {
  return new MailError(
    'OUTCOME_UNKNOWN',
    `The message was sent, but whether SendGrid took it is unknown (${cause.message}). Sending it again may deliver it twice.`,
    { scope: 'connection', deliveryState: 'unknown', cause },
  );
}

/** The instance is closed, or its time to close is over. */
export function shutDown(): MailError {
  return new MailError(
    'SHUT_DOWN',
    'The mail service is shut down, so nothing was sent. Send before the application closes, or raise `shutdown.timeoutMs`.',
    { scope: 'connection', retryable: true },
  );
}
