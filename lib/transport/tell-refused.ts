import { tellFailed } from '../delivery/message-news.js';
import type { Telling } from '../events/telling.js';
import type { Lane } from '../pool/lane.js';
import type { SendTicket } from './send-ticket.js';

/** Tells of a failure that came before a carrier had the message. */
export function tellRefused(
  { events }: Telling,
  error: unknown,
  lane: Lane,
  ticket: SendTicket | undefined,
  messageId?: string,
): void {
  if (ticket?.carried === true) return;
  tellFailed(events, error, lane, { messageId });
}
