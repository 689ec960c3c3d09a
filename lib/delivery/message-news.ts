import { isMailError } from '../errors/mail-error.js';
import type { ReplyInfo } from '../errors/reply-info.js';
import type { EventHub } from '../events/event-hub.js';
import type { NamedMail, UnknownSend } from '../options/unknown-send-store.js';
import type { Lane } from '../pool/lane.js';
import type { Answered } from '../pool/job.js';
import type { Envelope } from '../smtp/envelope.js';
import type { OutgoingMail } from './carrier.js';
import type { SendReceipt } from './receipt.js';
import { recipientsOf } from './recipients-of.js';

/** A composed message waits for a connection. */
export function tellQueued(
  events: EventHub,
  mail: OutgoingMail,
  lane: Lane,
): void {
  if (!events.listening) return;
  const { messageId } = mail;
  const recipients = recipientsOf(mail);
  events.emit({ type: 'queued', messageId, lane, recipients });
}

/** The relay took a message. */
export function tellSent(
  events: EventHub,
  receipt: SendReceipt,
  lane: Lane,
): void {
  if (!events.listening) return;
  const { messageId, sendGridId, attempts, timings } = receipt;
  events.emit({
    type: 'sent',
    messageId,
    sendGridId,
    lane,
    attempts,
    ...timings,
    recipients: receipt.recipients.map(({ address }) => address),
    accepted: receipt.accepted.length,
    rejected: receipt.rejected.length,
  });
}

/** What is known of the message of a send that failed. */
export interface FailedMail {
  readonly messageId?: string | undefined;
  readonly envelope?: Envelope | undefined;
  readonly addressees?: readonly string[] | undefined;
}

/** A send failed; whatever is no `MailError` is a defect, and no event. */
export function tellFailed(
  events: EventHub,
  error: unknown,
  lane: Lane,
  mail: FailedMail = {},
  attempts = 0,
): void {
  if (!events.listening || !isMailError(error)) return;
  const { code, scope, deliveryState, message: reason, reply } = error;
  events.emit({
    type: 'failed',
    messageId: mail.messageId,
    lane,
    code,
    scope,
    deliveryState,
    reason,
    reply,
    attempts,
    recipients: mail.addressees ?? mail.envelope?.to ?? [],
  });
}

/** The relay refused a message for now, or gave no answer; it is offered again. */
export function tellDeferred(
  events: EventHub,
  { mail, lane, attempts, envelope }: DeferredMail,
  reply: ReplyInfo | undefined,
  retryInMs: number,
): void {
  if (!events.listening) return;
  events.emit({
    type: 'deferred',
    messageId: mail.messageId,
    lane,
    reply,
    attempt: attempts,
    retryInMs,
    recipients: mail.addressees ?? envelope.to,
  });
}

/** What is told of a message that is offered again. */
interface DeferredMail {
  readonly mail: OutgoingMail;
  readonly lane: Lane;
  readonly attempts: number;

  /** Whom it is still for. */
  readonly envelope: Envelope;
}

/** The relay answered a message that was given up as unknown at `givenUpAt`. */
export function tellSettledLate(
  events: EventHub,
  mail: OutgoingMail,
  lane: Lane,
  { kind: outcome, reply }: Answered,
  givenUpAt: number,
): void {
  if (!events.listening) return;
  events.emit({
    type: 'settled-late',
    messageId: mail.messageId,
    mailId: mail.mailId,
    lane,
    outcome,
    by: 'reply',
    reply,
    lateMs: performance.now() - givenUpAt,
    recipients: recipientsOf(mail),
  });
}

/** An event names a message that had ended with an unknown outcome. */
export function tellSettledByEvent(
  events: EventHub,
  { messageId, mailId, lane, since, recipients }: UnknownSend,
  { sendGridId }: NamedMail,
): void {
  if (!events.listening) return;
  events.emit({
    type: 'settled-late',
    messageId,
    mailId,
    sendGridId,
    lane,
    outcome: 'accepted',
    by: 'event',
    lateMs: Date.now() - since,
    recipients,
  });
}
