import { Batch } from '../delivery/batch.js';
import type { Carrier, OutgoingMail } from '../delivery/carrier.js';
import { tellFailed } from '../delivery/message-news.js';
import type { SendReceipt } from '../delivery/receipt.js';
import type { Reservation } from '../delivery/reservation.js';
import type { Submission } from '../delivery/submission.js';
import type { EventHub } from '../events/event-hub.js';
import { invalidMessage } from '../message/invalid-message.js';
import type { MailMessage } from '../message/mail-message.js';
import { receiptOfParts } from './receipt-of-parts.js';
import type { SendTicket } from './send-ticket.js';

/**
 * How many recipients one message may name. SendGrid documents no bound for
 * SMTP; this is the one of its HTTP API.
 */
export const MAX_RECIPIENTS = 1000;

/**
 * Lets a message pass that names more than {@link MAX_RECIPIENTS}.
 *
 * @throws MailError `INVALID_MESSAGE` unless it is to be split, and can be
 */
export function admitMany(
  { length }: readonly string[],
  { content, addressees }: OutgoingMail,
  { split }: SendTicket,
): void {
  // The header names them, in one recipient's place.
  if (addressees !== undefined) return;
  if (!split) {
    throw invalidMessage(
      `The message has ${length} recipients, and one may have ` +
        `${MAX_RECIPIENTS}. Send it with \`split: true\`, which makes ` +
        'parts of it, or a message to each with `sendMany` or `sendMerge`.',
    );
  }
  if (content.kind === 'bytes' || content.reusable) return;
  throw invalidMessage(
    'The message cannot be split: its content is a stream, which can be read ' +
      'for one part only. Pass a function that opens it, or raise ' +
      '`queue.maxStreamBytes`.',
  );
}

/** The same message to at most {@link MAX_RECIPIENTS} of its recipients each. */
export function partsOf(mail: OutgoingMail): OutgoingMail[] {
  const { from, to } = mail.envelope;
  const count = Math.ceil(to.length / MAX_RECIPIENTS);
  return Array.from({ length: count }, (_, n) => {
    const first = n * MAX_RECIPIENTS;
    const some = to.slice(first, first + MAX_RECIPIENTS);
    return { ...mail, envelope: { from, to: some } };
  });
}

/**
 * Carries the parts of a message, each in a place of its own: the first in
 * the ticket's, the others once there is room for them.
 *
 * @throws MailError when no part was accepted, with how all recipients ended
 */
export async function carryParts(
  parts: readonly OutgoingMail[],
  { reservation, cancellation }: SendTicket,
  carrier: Carrier,
  events: EventHub,
): Promise<SendReceipt> {
  const { lane, message, batch = new Batch(() => undefined) } = reservation;
  const cancellations = cancellation?.fork(parts.length);
  const [first, ...others] = parts.map((part, n) => ({
    part,
    submission: {
      lane,
      message: messageOf(message, part),
      cancellation: cancellations?.[n],
      batch,
    },
  }));
  if (first === undefined) throw new TypeError('There are no parts');
  reservation.message = first.submission.message;
  const endings = await Promise.allSettled([
    carrier.carry(first.part, reservation, first.submission.cancellation),
    ...others.map(async ({ part, submission }) => {
      const place = await reserve(carrier, submission, part, events);
      return carrier.carry(part, place, submission.cancellation);
    }),
  ]);
  return receiptOfParts(parts, endings);
}

async function reserve(
  carrier: Carrier,
  submission: Submission,
  part: OutgoingMail,
  events: EventHub,
): Promise<Reservation> {
  try {
    return await carrier.reserve(submission);
  } catch (error) {
    tellFailed(events, error, submission.lane, part);
    throw error;
  }
}

/** The part as a message: whoever gets it back reaches its recipients with it. */
function messageOf(
  whole: MailMessage,
  { envelope: { from, to } }: OutgoingMail,
): MailMessage {
  return { ...whole, envelope: { from, to } };
}
