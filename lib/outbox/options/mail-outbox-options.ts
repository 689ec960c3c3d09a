import type { TemplateRenderer } from '../../options/template-renderer.js';
import type { MailOutboxConnection } from './connection.js';
import type { MailOutboxEncryptionOptions } from './encryption.options.js';
import type { MailOutboxFleetOptions } from './fleet.options.js';
import type { MailOutboxRetryOptions } from './retry.options.js';

/** What a process does: puts messages in, sends them, or both. */
export type MailOutboxRole = 'producer' | 'worker' | 'both';

/** What `MailOutboxModule` is configured with. */
export interface MailOutboxOptions {
  /**
   * Redis or PostgreSQL: a URL (`redis://`, `rediss://`, `postgres://`), the
   * options or a client of ioredis, or the options or a pool of pg. Of Redis,
   * `maxmemory-policy` has to be `noeviction`.
   */
  readonly connection: MailOutboxConnection;

  /**
   * Where this process runs, for example `production`: a text of 1 to 64
   * characters. Workers send what was enqueued in their own environment only,
   * so that a copy of a production store mails nobody from staging.
   */
  readonly environment: string;

  /**
   * Whether this process enqueues, sends, or does both.
   *
   * @defaultValue `'both'`
   */
  readonly role?: MailOutboxRole | undefined;

  /**
   * Name of the queue: letters, digits, dots, hyphens and underscores.
   *
   * @defaultValue `'mail-outbox'`
   */
  readonly queueName?: string | undefined;

  /**
   * What the names of BullMQ's keys in Redis begin with. A cluster needs a part
   * in braces, as in `'{bull}'`.
   *
   * @defaultValue `'bull'`
   */
  readonly prefix?: string | undefined;

  /**
   * Name of the mail instance that workers send through.
   *
   * @defaultValue `'default'`
   */
  readonly instance?: string | undefined;

  /**
   * Messages that a worker has under way at once.
   *
   * @defaultValue twice the mail instance's `pool.maxConnections`
   */
  readonly concurrency?: number | undefined;

  /**
   * Milliseconds for which an id that was sent is remembered, and sent no
   * second time. Each takes about half a kilobyte of the store.
   *
   * @defaultValue 604800000 (7 days)
   */
  readonly idempotencyWindowMs?: number | undefined;

  /**
   * Milliseconds for which failed and uncertain messages are kept, bodies
   * included; not shorter than `idempotencyWindowMs`.
   *
   * @defaultValue 1209600000 (14 days)
   */
  readonly retentionMs?: number | undefined;

  /**
   * Bytes that one message may take in the store, before it is encrypted.
   *
   * @defaultValue 10485760 (10 MiB)
   */
  readonly maxBytes?: number | undefined;

  /** Encrypts what is stored; readable for whoever can read the store by default. */
  readonly encryption?: MailOutboxEncryptionOptions | undefined;

  /**
   * Renders the templates that messages name, when they are enqueued: what is
   * stored is whole.
   *
   * @defaultValue the option `templates` of the mail instance, where this
   * process has it
   */
  readonly templates?: TemplateRenderer | undefined;

  /** When a message is tried again. */
  readonly retry?: MailOutboxRetryOptions | undefined;

  /**
   * Limits that all workers of the queue share. Not together with `tenants` of
   * the mail instance. Each worker is limited by its own mail instance only by
   * default.
   */
  readonly fleet?: MailOutboxFleetOptions | undefined;

  /**
   * What becomes of a message that may have been sent: `hold` keeps it for
   * `MailOutbox.resolve`, `resend` sends it again. **`resend` delivers twice
   * what SendGrid had taken.**
   *
   * `reconcile` keeps it for `reconcileMs`, and sends it again when no event has
   * named it by then. It needs `SendGridWebhookModule`, whose events are handed
   * to `MailOutbox.reconcile`.
   *
   * @defaultValue `'hold'`
   */
  readonly onUnknown?: 'hold' | 'resend' | 'reconcile' | undefined;

  /**
   * Milliseconds that an event may take to settle a message, with `onUnknown:
   * 'reconcile'`, from when it became uncertain, and from the start of the
   * worker that would send it again. A message whose event comes later is sent
   * twice, so leave SendGrid the time to post again what your application was
   * down for.
   *
   * @defaultValue 3600000 (an hour)
   */
  readonly reconcileMs?: number | undefined;

  /**
   * Milliseconds for which a worker that has died keeps its messages; others
   * take them up after one to two times that. Workers that live renew it.
   *
   * @defaultValue 30000
   */
  readonly lockMs?: number | undefined;
}
