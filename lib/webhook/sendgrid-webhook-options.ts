import type { MailOutcome } from './events/mail-outcome.js';
import type { SeenEvents } from './intake/seen-events.js';
import type { SuppressedBy } from './suppression/suppression-of.js';
import type { SuppressionStore } from './suppression/suppression-store.js';

/** How posts of SendGrid's event webhook are taken. */
export interface SendGridWebhookOptions {
  /**
   * The webhook's Verification Key as SendGrid's console shows it (base64, or
   * PEM). Several while keys are exchanged, or for several webhooks: a post is
   * taken when one of them has signed it.
   */
  readonly publicKeys: string | readonly string[];

  /**
   * Largest body in bytes, whatever other bodies of the application may have.
   * SendGrid posts up to 768 kilobytes and the last event.
   *
   * @defaultValue 2097152
   */
  readonly maxBodyBytes?: number | undefined;

  /**
   * Bytes of posts that were answered and wait to be handled, and as many that
   * are being read. Beyond them posts are answered with 503, and SendGrid posts
   * them again later.
   *
   * @defaultValue 67108864
   */
  readonly maxQueuedBytes?: number | undefined;

  /**
   * How far the time of signing may be from now, in milliseconds. Posts are
   * refused outside of it. SendGrid does not document whether a post is signed
   * anew when it is repeated, which it is for 24 hours, so a short window may
   * lose events; `seen` stops replays too.
   *
   * @defaultValue none: posts of any age are taken
   */
  readonly replayWindowMs?: number | undefined;

  /**
   * Handlers and hooks that run at the same time.
   *
   * @defaultValue 16
   */
  readonly concurrency?: number | undefined;

  /**
   * Remembers which events were handled.
   *
   * @defaultValue `new MemorySeenEvents()`: the latest 100,000, in this process
   */
  readonly seen?: SeenEvents | undefined;

  /**
   * Called for every recipient that must not be written to any more: on
   * bounces, spam reports and unsubscribes. `outcome` is what tells so, with
   * the group where it is one of an unsubscribe group.
   */
  readonly onSuppressed?:
    | ((
        address: string,
        reason: SuppressedBy,
        outcome: MailOutcome,
      ) => void | Promise<void>)
    | undefined;

  /**
   * Where those addresses are entered, but for unsubscribes from one group.
   * Given to `SendGridSmtpModule` as its `suppressions` too, they are sent no
   * mail.
   */
  readonly suppressions?: SuppressionStore | undefined;

  /**
   * Names of the mail instances whose sends of unknown outcome events settle.
   *
   * @defaultValue the instance without a name, if there is one
   */
  readonly instances?: readonly string[] | undefined;
}
