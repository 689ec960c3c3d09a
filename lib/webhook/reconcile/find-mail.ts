import type { NamedMail } from '../../options/unknown-send-store.js';
import { eventIds } from '../events/event-ids.js';
import type { SendGridEventBase } from '../events/sendgrid-event.js';

/** How an application finds what it has sent, as far as it keeps that. */
export interface MailLookup<Mail> {
  /** By `SendReceipt.mailId` or `MailError.mailId`. */
  byMailId?(mailId: string): Mail | undefined | Promise<Mail | undefined>;

  /** By `SendReceipt.sendGridId`. */
  bySendGridId?(
    sendGridId: string,
  ): Mail | undefined | Promise<Mail | undefined>;

  /** By `SendReceipt.messageId`. */
  byMessageId?(messageId: string): Mail | undefined | Promise<Mail | undefined>;

  /**
   * The latest message to a recipient, given in lower case, that was sent in
   * this time. Asked for late bounces only, which may name no message.
   */
  byRecipient?(
    recipient: string,
    sent: { readonly from: Date; readonly to: Date },
  ): Mail | undefined | Promise<Mail | undefined>;
}

/** How far back a late bounce may reach: SendGrid tries for 3 days. */
const LATE_MS = 7 * 86_400_000;

/**
 * Finds the message that an event is about: by the correlation id, by the id
 * that SendGrid queued it as, by its Message-ID. A bounce that has none of these
 * is one that came late: of it the recipient and the time are left, which may
 * mean another message to the same recipient.
 */
export async function findMail<Mail>(
  event: SendGridEventBase,
  lookup: MailLookup<Mail>,
): Promise<Mail | undefined> {
  const ids = eventIds(event);
  const { mailId, sendGridId, messageId } = ids;
  return (
    (await found(mailId, (id) => lookup.byMailId?.(id))) ??
    (await found(sendGridId, (id) => lookup.bySendGridId?.(id))) ??
    (await found(messageId, (id) => lookup.byMessageId?.(id))) ??
    (isLateBounce(event, ids) ? latestTo(ids, lookup) : undefined)
  );
}

function found<Mail>(
  id: string | undefined,
  find: (id: string) => Mail | undefined | Promise<Mail | undefined>,
): Mail | undefined | Promise<Mail | undefined> {
  return id === undefined ? undefined : find(id);
}

function isLateBounce(
  { event }: SendGridEventBase,
  { mailId, sendGridId }: NamedMail,
): boolean {
  return event === 'bounce' && mailId === undefined && sendGridId === undefined;
}

function latestTo<Mail>(
  { recipient, at = Date.now() }: NamedMail,
  lookup: MailLookup<Mail>,
): Mail | undefined | Promise<Mail | undefined> {
  if (recipient === undefined) return undefined;
  const [from, to] = [new Date(at - LATE_MS), new Date(at)];
  return lookup.byRecipient?.(recipient, { from, to });
}
