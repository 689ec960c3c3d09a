import type { Lane } from '../pool/lane.js';

/** What the events about one message have in common. */
export interface MailOutboxMessageEvent {
  /** The id that the message was enqueued under; absent where it cannot be read. */
  readonly id?: string | undefined;

  /** The id of BullMQ's job. */
  readonly jobId: string;
}

/** Put into the store by this process. */
export interface MailOutboxEnqueuedEvent extends MailOutboxMessageEvent {
  readonly type: 'enqueued';
  readonly lane: Lane;
}

/** Accepted by SendGrid for at least one recipient. */
export interface MailOutboxSentEvent extends MailOutboxMessageEvent {
  readonly type: 'sent';
  readonly messageId: string;

  /** SendGrid's id of the message. */
  readonly sendGridId?: string | undefined;

  /** How many recipients SendGrid took it for, and how many it refused. */
  readonly accepted: number;
  readonly rejected: number;

  /** Milliseconds since it was enqueued. */
  readonly totalMs: number;
}

/** Not sent for now; tried again. */
export interface MailOutboxDeferredEvent extends MailOutboxMessageEvent {
  readonly type: 'deferred';
  readonly code: string;
  readonly retryInMs: number;
}

/** Not sent, and not tried again by itself. */
export interface MailOutboxFailedEvent extends MailOutboxMessageEvent {
  readonly type: 'failed';
  readonly code: string;
  readonly message: string;
}

/** May have been sent: see `MailOutbox.uncertain`. */
export interface MailOutboxUncertainEvent extends MailOutboxMessageEvent {
  readonly type: 'uncertain';
  readonly message: string;
}

/**
 * Taken by SendGrid, as an event tells: it was uncertain, or would have become
 * so. Told by the process that was handed the event.
 */
export interface MailOutboxReconciledEvent extends MailOutboxMessageEvent {
  readonly type: 'reconciled';
}

/** Put back, since this worker must not or cannot send it. */
export interface MailOutboxRefusedEvent extends MailOutboxMessageEvent {
  readonly type: 'refused';

  /**
   * Of another environment, of a newer version of this package, or encrypted
   * with a key that this process was not given.
   */
  readonly reason: 'environment' | 'newer' | 'unknown-key';
}

/** This process takes no messages for a while: nothing can be sent. */
export interface MailOutboxWorkerPausedEvent {
  readonly type: 'worker-paused';
  readonly code: string;
  readonly message: string;
  readonly pausedMs: number;
}

/** This process takes messages again. */
export interface MailOutboxWorkerResumedEvent {
  readonly type: 'worker-resumed';
}

/** The store could not be asked. */
export interface MailOutboxStoreTroubleEvent {
  readonly type: 'store-trouble';
  readonly message: string;
}

/** What happens in the outbox of this process. */
export type MailOutboxEvent =
  | MailOutboxEnqueuedEvent
  | MailOutboxSentEvent
  | MailOutboxDeferredEvent
  | MailOutboxFailedEvent
  | MailOutboxUncertainEvent
  | MailOutboxReconciledEvent
  | MailOutboxRefusedEvent
  | MailOutboxWorkerPausedEvent
  | MailOutboxWorkerResumedEvent
  | MailOutboxStoreTroubleEvent;
