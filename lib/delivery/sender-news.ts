import type { Telling } from '../events/telling.js';
import { replyLine, type Reply } from '../smtp/reply.js';

/** SendGrid refuses to send for one From. */
export function tellSenderPaused(
  { log, events, masking }: Telling,
  sender: string,
  reply: Reply,
  retryInMs: number,
): void {
  const minutes = Math.round(retryInMs / 60_000);
  log.warn(
    `SendGrid refuses the From ${masking.address(sender)} (${masking.text(replyLine(reply))}). Its messages fail with SENDER, others are sent; it is tried again in ${minutes} min. Verify it under Sender Authentication in the SendGrid console.`,
  );
  if (!events.listening) return;
  events.emit({ type: 'sender-paused', sender, reply, retryInMs });
}
