import { MailError } from '../errors/mail-error.js';
import { forgetOldest } from '../options/forget-oldest.js';
import { probeDelayMs } from '../pool/probe-delays.js';
import { replyLine, type Reply } from '../smtp/reply.js';

/** How many senders are remembered; of more, the one refused longest ago is forgotten. */
const MAX_SENDERS = 1000;

interface Pause {
  readonly reply: Reply;
  readonly failures: number;
  since: number;
  retryAt: number;
}

/**
 * The senders that SendGrid refuses. Their messages fail at once, but for one
 * now and then, ever later, that finds out whether the sender was verified.
 */
export class SenderPauses {
  readonly #pauses = new Map<string, Pause>();

  /** How many senders are paused. */
  get size(): number {
    return this.#pauses.size;
  }

  /** Why a message of this sender is not even tried, if so; else it is tried. */
  refusal(sender: string): MailError | undefined {
    if (this.#pauses.size === 0) return undefined;
    const pause = this.#pauses.get(keyOf(sender));
    if (pause === undefined) return undefined;
    const now = performance.now();
    if (now < pause.retryAt) return senderPaused(pause.reply);
    // The others wait for what comes of this one.
    pause.since = now;
    pause.retryAt = now + probeDelayMs(pause.failures - 1);
    return undefined;
  }

  /**
   * SendGrid has refused the sender of a message that was begun at
   * `startedAt`. The milliseconds until it is tried again, when that is news.
   */
  refused(sender: string, reply: Reply, startedAt: number): number | undefined {
    const key = keyOf(sender);
    const known = this.#pauses.get(key);
    if (known !== undefined && startedAt < known.since) return undefined;
    const failures = (known?.failures ?? 0) + 1;
    const delay = probeDelayMs(failures - 1);
    const now = performance.now();
    this.#pauses.delete(key);
    this.#pauses.set(key, {
      reply,
      failures,
      since: now,
      retryAt: now + delay,
    });
    forgetOldest(this.#pauses, MAX_SENDERS);
    return delay;
  }

  /** SendGrid minds nothing about the sender of a message that was begun at `startedAt`. */
  passed(sender: string, startedAt: number): void {
    if (this.#pauses.size === 0) return;
    const key = keyOf(sender);
    const since = this.#pauses.get(key)?.since ?? Infinity;
    if (startedAt >= since) this.#pauses.delete(key);
  }
}

/** The relay has refused this sender lately. */
export function senderPaused(reply: Reply): MailError {
  return new MailError(
    'SENDER',
    `SendGrid refuses this From (${replyLine(reply)}), so nothing was sent. Verify the address, or authenticate its domain, under Sender Authentication in the SendGrid console; one message is tried now and then.`,
    { scope: 'sender', retryable: true, reply },
  );
}

/** Whether a pause of the one holds for the other. */
export function sameSender(one: string | undefined, other: string): boolean {
  return one !== undefined && keyOf(one) === keyOf(other);
}

function keyOf(sender: string): string {
  return sender.toLowerCase();
}
