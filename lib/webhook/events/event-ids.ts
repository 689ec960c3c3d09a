import type { NamedMail } from '../../options/unknown-send-store.js';
import type { SendGridEventBase } from './sendgrid-event.js';

/** Reads what an event says of the message that it is about. */
export function eventIds(event: SendGridEventBase): NamedMail {
  // As one literal: it is made for every event, and spreads take ten times as long.
  return {
    mailId: textOf(event.mail_id),
    sendGridId: queuedId(textOf(event.sg_message_id)),
    messageId: textOf(event['smtp-id']),
    recipient: textOf(event.email)?.toLowerCase(),
    at: timeOf(event.timestamp),
  };
}

/** The part before the first dot: the queued id itself has none. */
function queuedId(id: string | undefined): string | undefined {
  if (id === undefined) return undefined;
  const dot = id.indexOf('.');
  return dot === -1 ? id : id.slice(0, dot);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function timeOf(seconds: unknown): number | undefined {
  const count = typeof seconds === 'string' ? Number(seconds) : seconds;
  return typeof count === 'number' && Number.isFinite(count)
    ? count * 1000
    : undefined;
}
