import {
  isMailError,
  MailError,
  type MailErrorCode,
} from '../errors/mail-error.js';
import type { Verdict } from '../pool/job.js';
import type { ConnectionError } from '../smtp/connection-error.js';
import { replyLine } from '../smtp/reply.js';

type Rejected = Extract<Verdict, { kind: 'rejected' }>;

/** The relay refused the message for good, or for now (4yz). */
export function rejection(
  { reply, command }: Rejected,
  mailId?: string,
): MailError {
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
      mailId,
    },
  );
}

/** Why nobody waits for the reply any more, by the error that says so. */
const GIVEN_UP: Partial<Record<MailErrorCode, string>> = {
  ABORTED: 'it was aborted before the reply came',
  TIMED_OUT: 'its time limit passed before the reply came',
  SHUT_DOWN: 'the mail service was shut down before the reply came',
};

function reasonOf(cause: ConnectionError | MailError): string {
  const given = isMailError(cause) ? GIVEN_UP[cause.code] : undefined;
  return given ?? cause.message;
}

/** The message went out whole and its reply never came. */
export function outcomeUnknown(
  cause: ConnectionError | MailError,
  mailId?: string,
): MailError {
  return new MailError(
    'OUTCOME_UNKNOWN',
    `The message was sent, but whether SendGrid took it is unknown (${reasonOf(cause)}). Sending it again may deliver it twice.`,
    { scope: 'connection', deliveryState: 'unknown', cause, mailId },
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
