import type { RecipientOutcome } from '../errors/recipient-outcome.js';
import type { Reply } from '../smtp/reply.js';
import type { Attempts } from './attempts.js';
import type { OutgoingMail } from './carrier.js';
import type { SendReceipt } from './receipt.js';

const QUEUED_AS = /^Ok: queued as (\S+)/i;

/** The receipt of a message that the relay has taken with `reply`. */
export function receiptOf(
  { messageId, mailId, envelope: { from, to } }: OutgoingMail,
  reply: Reply,
  recipients: readonly RecipientOutcome[],
  effort: Pick<SendReceipt, 'attempts' | 'timings'>,
): SendReceipt {
  const id = reply.code === 250 ? QUEUED_AS.exec(reply.text)?.[1] : undefined;
  return {
    messageId,
    envelope: { from, to: [...to] },
    accepted: addressesOf(recipients, true),
    rejected: addressesOf(recipients, false),
    response: `${reply.code} ${reply.text}`,
    ...(id === undefined ? {} : { sendGridId: id }),
    ...(mailId === undefined ? {} : { mailId }),
    recipients,
    ...effort,
  };
}

/** What it took to send a message, just now. */
export function effortOf(
  { count: attempts, startedAt }: Attempts,
  reservedAt: number,
): Pick<SendReceipt, 'attempts' | 'timings'> {
  const totalMs = performance.now() - reservedAt;
  return { attempts, timings: { queuedMs: startedAt - reservedAt, totalMs } };
}

/** Those of some recipients that were accepted, or the others. */
export function addressesOf(
  recipients: readonly RecipientOutcome[],
  accepted: boolean,
): string[] {
  return recipients
    .filter(({ state }) => (state === 'accepted') === accepted)
    .map(({ address }) => address);
}
