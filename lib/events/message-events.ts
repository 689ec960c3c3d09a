import type {
  DeliveryState,
  FaultScope,
  MailErrorCode,
} from '../errors/mail-error.js';
import type { ReplyInfo } from '../errors/reply-info.js';
import type { DrainCounts } from '../options/drain-report.js';
import type { MailEventBase } from './event-base.js';

/** A composed message waits for a connection. It ends as `sent` or `failed`. */
export interface QueuedEvent extends MailEventBase {
  readonly type: 'queued';

  /** The Message-ID header, in angle brackets. */
  readonly messageId: string;

  /** Its lane in the queue. */
  readonly lane: 'urgent' | 'normal' | 'bulk';

  /** Everybody it is for, masked. */
  readonly recipients: readonly string[];
}

/** The relay took a message for at least one recipient. */
export interface SentEvent extends MailEventBase {
  readonly type: 'sent';

  /** The Message-ID header, in angle brackets. */
  readonly messageId: string;

  /** SendGrid's id of the message, when its reply held one. */
  readonly sendGridId?: string | undefined;

  /** Its lane in the queue. */
  readonly lane: 'urgent' | 'normal' | 'bulk';

  /** How often it was offered to the relay. */
  readonly attempts: number;

  /** Milliseconds from `send` until it was handed to a connection. */
  readonly queuedMs: number;

  /** Milliseconds from `send` until the relay's final reply. */
  readonly totalMs: number;

  /** Everybody it is for, masked. */
  readonly recipients: readonly string[];

  /** How many of them the relay accepted. */
  readonly accepted: number;

  /** How many of them it refused. */
  readonly rejected: number;
}

/** The relay refused a message for now; it is offered again later. */
export interface DeferredEvent extends MailEventBase {
  readonly type: 'deferred';

  /** The Message-ID header, in angle brackets. */
  readonly messageId: string;

  /** Its lane in the queue. */
  readonly lane: 'urgent' | 'normal' | 'bulk';

  /** The relay's refusal, addresses masked; absent when it gave no reply at all. */
  readonly reply?: ReplyInfo | undefined;

  /** How often it was offered to the relay so far. */
  readonly attempt: number;

  /** Milliseconds until it is offered again. */
  readonly retryInMs: number;

  /** The recipients that are to be tried again, masked. */
  readonly recipients: readonly string[];
}

/** A send failed: its promise rejects, or it was enqueued and nobody waits. */
export interface FailedEvent extends MailEventBase {
  readonly type: 'failed';

  /** The Message-ID header, once the message had one. */
  readonly messageId?: string | undefined;

  /** Its lane in the queue. */
  readonly lane: 'urgent' | 'normal' | 'bulk';

  /** The `code` of the `MailError`. */
  readonly code: MailErrorCode;

  /** How far the fault reaches. */
  readonly scope: FaultScope;

  /** Whether it is certainly not sent, or its outcome is unknown. */
  readonly deliveryState: DeliveryState;

  /** What happened and what to do, addresses masked. */
  readonly reason: string;

  /** The relay's reply that decided it, addresses masked. */
  readonly reply?: ReplyInfo | undefined;

  /** How often it was offered to the relay. */
  readonly attempts: number;

  /** Everybody it is for, masked; none before it was composed. */
  readonly recipients: readonly string[];
}

/**
 * A message whose outcome was unknown has one after all, by the relay's late
 * reply or an event of SendGrid's webhook: the send has failed as
 * `OUTCOME_UNKNOWN` already, and this is what became of the message.
 */
export interface SettledLateEvent extends MailEventBase {
  readonly type: 'settled-late';

  /** The Message-ID header, in angle brackets. */
  readonly messageId: string;

  /** The correlation id, as `mailId` of the error. */
  readonly mailId?: string | undefined;

  /** SendGrid's id of the message, when an event held it. */
  readonly sendGridId?: string | undefined;

  /** Its lane in the queue. */
  readonly lane: 'urgent' | 'normal' | 'bulk';

  /** What the relay did with it. */
  readonly outcome: 'accepted' | 'rejected';

  /** What tells so. */
  readonly by: 'reply' | 'event';

  /** The relay's reply, addresses masked; none when an event tells. */
  readonly reply?: ReplyInfo | undefined;

  /** Milliseconds between giving it up and this. */
  readonly lateMs: number;

  /** Everybody it is for, or was in doubt for, masked. */
  readonly recipients: readonly string[];
}

/** The instance is closed; no event follows. */
export interface DrainedEvent extends MailEventBase {
  readonly type: 'drained';

  /** How the messages ended that were pending when the drain began. */
  readonly report: DrainCounts;
}
