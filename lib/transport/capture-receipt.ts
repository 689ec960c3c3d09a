import { randomBytes } from 'node:crypto';
import type { OutgoingMail } from '../delivery/carrier.js';
import type { SendReceipt } from '../delivery/receipt.js';
import { recipientsOf } from '../delivery/recipients-of.js';

/** A receipt as SendGrid's relay would have given it. */
export function captureReceipt(
  mail: OutgoingMail,
  reservedAt: number,
): SendReceipt {
  const { messageId, mailId, envelope } = mail;
  const recipients = recipientsOf(mail);
  const sendGridId = randomBytes(16).toString('base64url');
  const reply = { code: 250, text: `Ok: queued as ${sendGridId}` };
  const totalMs = performance.now() - reservedAt;
  return {
    messageId,
    envelope: { from: envelope.from, to: [...envelope.to] },
    accepted: [...recipients],
    rejected: [],
    response: `${reply.code} ${reply.text}`,
    sendGridId,
    ...(mailId === undefined ? {} : { mailId }),
    recipients: recipients.map((address) => ({
      address,
      state: 'accepted',
      reply: { code: 250, text: 'Recipient address accepted' },
      attempts: 1,
    })),
    attempts: 1,
    timings: { queuedMs: totalMs, totalMs },
  };
}
