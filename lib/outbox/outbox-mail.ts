import type { MailMessage } from '../message/mail-message.js';
import type { Lane } from '../pool/lane.js';
import type { MailOutboxTransaction } from './store/transaction.js';

/** What `MailOutbox.enqueue` takes next to the message. */
export interface MailOutboxEnqueueOptions {
  /**
   * Names the message, for example `order-4711-confirmation`: 1 to 256
   * characters. What was enqueued under it before, in the same environment and
   * for the same tenant, is not enqueued again: not while it is there, and not
   * within `idempotencyWindowMs` after it was sent. A random one when left out,
   * which is forgotten once the message was sent.
   */
  readonly id?: string | undefined;

  /**
   * Milliseconds before it may be sent, up to a year.
   *
   * @defaultValue 0
   */
  readonly delayMs?: number | undefined;

  /**
   * Its priority: `urgent` before `normal` before `bulk`. Also the message's
   * lane in the mail instance.
   *
   * @defaultValue `'normal'`
   */
  readonly lane?: Lane | undefined;

  /** Whose it is, where the mail instance has the option `tenants`. */
  readonly tenant?: string | undefined;

  /**
   * A client of pg that has begun a transaction: the message is enqueued if and
   * when that is committed. With PostgreSQL only, of the same database.
   */
  readonly within?: MailOutboxTransaction | undefined;
}

/** One of the messages that `MailOutbox.enqueueMany` takes. */
export interface MailOutboxEntry extends Omit<
  MailOutboxEnqueueOptions,
  'within'
> {
  readonly message: MailMessage;
}

/** Under what a message was enqueued. */
export interface MailOutboxTicket {
  /** The id that was given, else the random one. */
  readonly id: string;

  /** The id of BullMQ's job. */
  readonly jobId: string;
}

/** Which message: by its id, its tenant's id, or the id of BullMQ's job. */
export type MailOutboxRef =
  | string
  | { readonly id: string; readonly tenant?: string | undefined }
  | { readonly jobId: string };

/**
 * Where a message stands: `waiting` for a worker, `delayed` until its time or
 * its next attempt, `sending`, `sent`, `failed`, `uncertain`, or not in the
 * store (`absent`): never enqueued, cancelled, or forgotten.
 */
export type MailOutboxState =
  | 'waiting'
  | 'delayed'
  | 'sending'
  | 'sent'
  | 'failed'
  | 'uncertain'
  | 'absent';

/** A message that failed or is uncertain. */
export interface MailOutboxFailure {
  /** The id it was enqueued under; absent where it cannot be read here. */
  readonly id?: string | undefined;

  /** Whose it is, if a tenant's. */
  readonly tenant?: string | undefined;
  readonly jobId: string;
  readonly lane: Lane;

  /** A code of `MailError`; `ENGINE` for what BullMQ itself says. */
  readonly code: string;
  readonly message: string;

  /** How often it was given to the mail instance. */
  readonly attempts: number;
  readonly enqueuedAt: Date;
  readonly failedAt?: Date | undefined;
}

/** How many messages stand where, in the whole store. */
export interface MailOutboxMetrics {
  readonly waiting: Readonly<Record<Lane, number>>;
  readonly delayed: number;
  readonly sending: number;
  readonly failed: number;
  readonly uncertain: number;

  /** Those sent whose ids are remembered. */
  readonly remembered: number;
}

/** Which part of a list. */
export interface MailOutboxPage {
  /**
   * How many to leave out.
   *
   * @defaultValue 0
   */
  readonly offset?: number | undefined;

  /**
   * How many to return at most, up to 1,000.
   *
   * @defaultValue 100
   */
  readonly limit?: number | undefined;
}
