import type { NamedMail } from '../../options/unknown-send-store.js';
import type { SendGridEventBase } from './sendgrid-event.js';

/** Reads what an event says of the message that it is about. */
export function eventIds(event: SendGridEventBase): NamedMail {
  const mailId = textOf(event.mail_id);
  const sendGridId = queuedId(textOf(event.sg_message_id));
  const messageId = textOf(event['smtp-id']);
  const recipient = textOf(event.email)?.toLowerCase();
  const at = timeOf(event.timestamp);
  return {
    ...(mailId !== undefined && { mailId }),
    ...(sendGridId !== undefined && { sendGridId }),
    ...(messageId !== undefined && { messageId }),
    ...(recipient !== undefined && { recipient }),
    ...(at !== undefined && { at }),
  };
}

/** The part before the first dot: the queued id itself has none. */
function queuedId(id: string | undefined): string | undefined {
  return id?.split('.', 1)[0];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function timeOf(seconds: unknown): number | undefined {
  const ms = Number(seconds) * 1000;
  return typeof seconds !== 'boolean' && seconds !== null && Number.isFinite(ms)
    ? ms
    : undefined;
}
