import type { DKIMOptions } from 'nodemailer';

import type { SendGridSmtpAttachmentsOptions } from './attachments.options.js';
import type { SendGridSmtpGuardsOptions } from './guards.options.js';
import type { SendGridSmtpMailDefaults } from './mail-defaults.js';
import type { SendGridSmtpPoolOptions } from './pool.options.js';
import type { SendGridSmtpQueueOptions } from './queue.options.js';
import type { SendGridSmtpRateLimitOptions } from './rate-limit.options.js';
import type { SendGridSmtpRedirectOptions } from './redirect.options.js';
import type { SendGridSmtpRetryOptions } from './retry.options.js';
import type { MailPlugin, Security } from './resolved-options.js';
import type { SendGridSmtpShutdownOptions } from './shutdown.options.js';
import type { SuppressionList } from './suppression-list.js';
import type { TemplateRenderer } from './template-renderer.js';
import type { SendGridSmtpTenantsFunction } from './tenant.options.js';
import type { SendGridSmtpTimeoutOptions } from './timeout.options.js';
import type { SendGridSmtpTlsOptions } from './tls.options.js';
import type { UnknownSendStore } from './unknown-send-store.js';

/**
 * What `SendGridSmtpModule` is configured with. An option that is
 * `undefined` counts as left out; unknown names and `null` are refused at
 * bootstrap, every problem in one `InvalidOptionsError`.
 */
export interface SendGridSmtpOptions {
  /**
   * `smtp` sends through the relay, `capture` keeps messages in memory,
   * `discard` drops them. The last two need no key and no network.
   *
   * @defaultValue 'smtp'
   */
  readonly mode?: 'smtp' | 'capture' | 'discard' | undefined;

  /**
   * Sends all mail to one address instead of to its recipients, for staging:
   * whatever `to`, `cc`, `bcc`, the envelope, headers or a plugin name. The
   * To and Cc headers name that address too, and `X-Original-To` names those
   * who would have got the mail, blind copies included. Logged at start.
   * None when left out.
   */
  readonly redirect?: SendGridSmtpRedirectOptions | undefined;

  /**
   * The SendGrid API key (`SG.` ...), without any white space, or a function
   * that gives it, such as `fromFile(path)`. Required when `mode` is `smtp`,
   * unless `tenants` is given.
   * It is never printed or serialised.
   *
   * A function is asked when a connection is set up: at most every 30 seconds,
   * one call at a time, each at most `timeouts.connectMs` long; when SendGrid
   * refuses the key it is asked once more. While it fails, or returns what is
   * no key, the last good key stays in use.
   */
  readonly apiKey?: string | (() => string | Promise<string>) | undefined;

  /**
   * Where the account lives; `eu` is for keys of EU regional subusers. Names
   * the host unless `host` is given, which then wins.
   *
   * @defaultValue 'global'
   */
  readonly region?: 'global' | 'eu' | undefined;

  /**
   * Host name of the relay. IP addresses are refused, loopback excepted,
   * since SendGrid's change without notice.
   *
   * @defaultValue `smtp.sendgrid.net`, or `smtp.eu.sendgrid.net` in the EU
   */
  readonly host?: string | undefined;

  /**
   * Port of the relay, 1 to 65,535. SendGrid listens on 587, 2525 and 25
   * (STARTTLS) and on 465 (implicit TLS).
   *
   * @defaultValue 587
   */
  readonly port?: number | undefined;

  /**
   * `starttls`, `implicit`, or `none`, which is for loopback hosts only.
   *
   * @defaultValue 'implicit' on port 465, else 'starttls'
   */
  readonly security?: Security | undefined;

  /** How the relay's certificate is checked. */
  readonly tls?: SendGridSmtpTlsOptions | undefined;

  /**
   * Name given to EHLO: a domain name, or an address in brackets. Recipients
   * can see it.
   *
   * @defaultValue the domain of `defaults.from`, else `[127.0.0.1]`
   */
  readonly ehloName?: string | undefined;

  /** Fields of every message that does not set them itself. */
  readonly defaults?: SendGridSmtpMailDefaults | undefined;

  /**
   * Who may send: addresses (`news@shop.example`) and domains
   * (`shop.example`, `@shop.example` or `*@shop.example`). A domain does not
   * stand for its sub-domains; case does not matter. Every address in From
   * and Sender, and the sender of the envelope, must be among them, else the
   * send fails with `SENDER` before the message is queued.
   *
   * @defaultValue everybody
   */
  readonly allowedFrom?: readonly string[] | undefined;

  /**
   * Makes `MailService.forTenant(id)` send for tenants, each with a key and a
   * pool of its own: tells what is a tenant's own, at once. It is asked when
   * the tenant's pool is made, again when that was closed, and at every send
   * after a wrong answer, which fails the send with `INVALID_OPTIONS`. Throw
   * for a tenant that is not known.
   *
   * With it, `apiKey` may be left out: the instance then sends for its tenants
   * only.
   */
  readonly tenants?: SendGridSmtpTenantsFunction | undefined;

  /**
   * How many pools of tenants are kept, at least 1. Beyond, those used least
   * recently are closed. One with mail under way is not closed before that is
   * done, so that there may be more for a while.
   *
   * @defaultValue 100
   */
  readonly maxTenants?: number | undefined;

  /** Bounds of the connection pool. */
  readonly pool?: SendGridSmtpPoolOptions | undefined;

  /** Bounds of the in-memory queue. */
  readonly queue?: SendGridSmtpQueueOptions | undefined;

  /**
   * How many messages may leave in any stretch of time, over all connections
   * of this instance; the others wait in the queue. None when left out.
   */
  readonly rateLimit?: SendGridSmtpRateLimitOptions | undefined;

  /** When a message that SendGrid refused for now is tried again. */
  readonly retry?: SendGridSmtpRetryOptions | undefined;

  /**
   * How many messages are usual, to one recipient and in all, and whether
   * further ones are refused or only logged: against loops that run away.
   * None when left out.
   */
  readonly guards?: SendGridSmtpGuardsOptions | undefined;

  /**
   * Tells which addresses are sent no mail. They are left out of a message, and
   * a message to nobody else fails with `SUPPRESSED`. The addresses in `to` of
   * a message to each (`sendgrid.substitutions`, `sendMerge`) are not left out:
   * SendGrid drops those that it knows.
   *
   * @defaultValue none
   */
  readonly suppressions?: SuppressionList | undefined;

  /**
   * Remembers sends of unknown outcome, for the events of SendGrid's webhook to
   * settle.
   *
   * @defaultValue `new MemoryUnknownSends()`: the latest 10,000, in this process
   */
  readonly unknownSends?: UnknownSendStore | undefined;

  /**
   * Whether every message carries a random id for SendGrid to keep, `mail_id`
   * among its unique arguments, by which its activity feed and events name
   * the message. It is the receipt's `mailId`; `raw` messages without
   * `sendgrid` carry none.
   *
   * @defaultValue true
   */
  readonly correlation?: boolean | undefined;

  /**
   * Largest message accepted, in bytes as sent, at least 1; the relay's own
   * SIZE holds when it is smaller. What is larger is refused before it is
   * queued, or broken off where its length shows only as it is streamed.
   * SendGrid documents 20 MB: a larger value set here is warned about.
   *
   * @defaultValue 31457280, the SIZE SendGrid's relay announces
   */
  readonly maxMessageBytes?: number | undefined;

  /**
   * Which files (`path`) and URLs (`href`) a message may name as content.
   * None when left out: they are refused.
   */
  readonly attachments?: SendGridSmtpAttachmentsOptions | undefined;

  /**
   * Renders the templates that messages name (`template`, `context`, `locale`):
   * `createTemplates(...)` of `nestjs-sendgrid-smtp/templates`, or an object of
   * your own. Tenants share it. None when left out.
   */
  readonly templates?: TemplateRenderer | undefined;

  /** Time limits of the wire. */
  readonly timeouts?: SendGridSmtpTimeoutOptions | undefined;

  /** nodemailer plugins, each with the step it runs in. */
  readonly plugins?: readonly MailPlugin[] | undefined;

  /** nodemailer's DKIM options: one key, or several in `keys`. */
  readonly dkim?: DKIMOptions | undefined;

  /** What happens when the application closes. */
  readonly shutdown?: SendGridSmtpShutdownOptions | undefined;

  /**
   * Whether logs and events name recipients and senders in full, also inside
   * the relay's replies. Otherwise they show the domain only
   * (`***@example.com`).
   *
   * @defaultValue false
   */
  readonly showRecipients?: boolean | undefined;

  /**
   * Whether to connect and log in at bootstrap. `warn` logs a failure; `fail`
   * stops the bootstrap when the key is refused, and only warns when the
   * relay cannot be reached.
   *
   * @defaultValue false
   */
  readonly verifyOnStart?: false | 'warn' | 'fail' | undefined;
}
