import type { ReplyInfo } from '../errors/reply-info.js';
import type { MailEventBase } from './event-base.js';

/** SendGrid refuses the account: what is queued is held. */
export interface AccountPausedEvent extends MailEventBase {
  readonly type: 'account-paused';

  /** Whether it may pass by itself, or the key is refused. */
  readonly reason: 'paused' | 'refused';

  /** The reply that says so, addresses masked. */
  readonly reply?: ReplyInfo | undefined;

  /** What to do about it. */
  readonly advice: string;

  /** First 8 hex digits of the key's SHA-256. */
  readonly keyFingerprint?: string | undefined;
}

/** SendGrid takes mail of the account again. */
export interface AccountResumedEvent extends MailEventBase {
  readonly type: 'account-resumed';

  /** How long it had been paused, in milliseconds. */
  readonly pausedMs: number;
}

/** SendGrid refuses one From: its messages fail, others are sent. */
export interface SenderPausedEvent extends MailEventBase {
  readonly type: 'sender-paused';

  /** The address, masked. */
  readonly sender: string;

  /** The reply that says so, addresses masked. */
  readonly reply: ReplyInfo;

  /** Milliseconds until it is tried again. */
  readonly retryInMs: number;
}

/** More messages were sent than a guard allows. */
export interface GuardTrippedEvent extends MailEventBase {
  readonly type: 'guard-tripped';

  /** Which guard: of one recipient, or of the instance. */
  readonly guard: 'perRecipient' | 'total';

  /** The recipient, masked, where one has got too many. */
  readonly recipient?: string | undefined;

  /** How many messages the guard allows. */
  readonly messages: number;

  /** In what stretch of time, in milliseconds. */
  readonly perMs: number;

  /** What happens to the message: `warn` sends it. */
  readonly action: 'warn' | 'reject';
}

/** The API key was asked for anew and is another, or could not be had. */
export interface KeyChangedEvent extends MailEventBase {
  readonly type: 'key-changed';

  /** Whether there is a new key. */
  readonly outcome: 'changed' | 'failed';

  /** First 8 hex digits of the SHA-256 of the key in use. */
  readonly keyFingerprint?: string | undefined;

  /** Why it could not be had. */
  readonly reason?: string | undefined;
}
