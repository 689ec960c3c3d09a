import {
  isMailError,
  MailError,
  type FaultScope,
  type MailErrorCode,
} from '../errors/mail-error.js';
import type { Verdict } from '../pool/job.js';
import type { ConnectionError } from '../smtp/connection-error.js';
import { replyLine } from '../smtp/reply.js';
import { classifyReply } from './classify-reply.js';
import { phaseOf } from './reply-phase.js';

type Rejected = Extract<Verdict, { kind: 'rejected' }>;

const CODES: Record<FaultScope, MailErrorCode> = {
  message: 'REJECTED',
  recipient: 'REJECTED',
  sender: 'SENDER',
  account: 'ACCOUNT',
  connection: 'REJECTED',
};

/** The relay refused the message; the reply says for whose sake and how long. */
export function rejection(
  { reply, command }: Rejected,
  mailId?: string,
): MailError {
  const { fault, retryable, advice } = classifyReply(phaseOf(command), reply);
  const scope = fault.kind;
  return new MailError(
    CODES[scope],
    `SendGrid refused the message (${command}: ${replyLine(reply)}). ${advice}`,
    { scope, retryable, reply, command, mailId },
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
