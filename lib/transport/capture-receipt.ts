import { randomBytes } from 'node:crypto';
import type { OutgoingMail } from '../delivery/carrier.js';
import type { SendReceipt } from '../delivery/receipt.js';

/** A receipt as SendGrid's relay would have given it. */
export function captureReceipt(
  { messageId, mailId, envelope: { from, to } }: OutgoingMail,
  reservedAt: number,
): SendReceipt {
  const sendGridId = randomBytes(16).toString('base64url');
  const reply = { code: 250, text: `Ok: queued as ${sendGridId}` };
  const totalMs = performance.now() - reservedAt;
  return {
    messageId,
    envelope: { from, to: [...to] },
    accepted: [...to],
    rejected: [],
    response: `${reply.code} ${reply.text}`,
    sendGridId,
    ...(mailId === undefined ? {} : { mailId }),
    recipients: to.map((address) => ({
      address,
      state: 'accepted',
      reply: { code: 250, text: 'Recipient address accepted' },
      attempts: 1,
    })),
    attempts: 1,
    timings: { queuedMs: totalMs, totalMs },
  };
}
