import type { ReplyInfo } from '../errors/reply-info.js';
import type { MailEventBase } from './event-base.js';

/** A connection is set up, its key accepted. */
export interface ConnectionOpenedEvent extends MailEventBase {
  readonly type: 'connection-opened';

  /** Milliseconds from connecting until it was ready. */
  readonly setUpMs: number;

  /** Connections that are open, those being set up included. */
  readonly open: number;
}

/**
 * A connection gets no more messages and is closed in order: it had carried
 * enough (`cap`), was old (`lifetime`), not needed (`idle`), the process had
 * stood still (`frozen`), there is another key (`key`), the account may not
 * send (`account`), or a pool without any was to have one where as many as
 * allowed are open, or this process may hold fewer than before (`budget`).
 */
export interface ConnectionRotatedEvent extends MailEventBase {
  readonly type: 'connection-rotated';

  /** How many messages it was given. */
  readonly messages: number;

  /** Why it is closed. */
  readonly reason:
    'cap' | 'lifetime' | 'idle' | 'frozen' | 'key' | 'account' | 'budget';
}

/** A connection could not be set up, or ended without being asked to. */
export interface ConnectionLostEvent extends MailEventBase {
  readonly type: 'connection-lost';

  /** How far it had come: `session` once it was set up. */
  readonly stage:
    'connect' | 'tls' | 'greeting' | 'ehlo' | 'starttls' | 'auth' | 'session';

  /** What happened, addresses masked. */
  readonly reason: string;

  /** The reply with which the relay ended it, addresses masked. */
  readonly reply?: ReplyInfo | undefined;

  /** How many messages it was given. */
  readonly messages: number;

  /** Whether it was given messages that it brought to no end. */
  readonly unanswered: boolean;
}

/**
 * The relay keeps ending connections after some number of messages: they are
 * replaced before that from now on.
 */
export interface CapLearnedEvent extends MailEventBase {
  readonly type: 'cap-learned';

  /** That number; absent once the relay is no longer known to have one. */
  readonly cap?: number | undefined;
}

/** It was found out how the relay takes commands that are grouped. */
export interface PipeliningChangedEvent extends MailEventBase {
  readonly type: 'pipelining-changed';

  /** What an envelope goes out behind, before that has been answered. */
  readonly behind: 'auth' | 'body';

  /** Whether it does from now on. */
  readonly allowed: boolean;

  /** How commands are grouped now, as in `stats().pipelining`. */
  readonly mode: 'lockstep' | 'envelope' | 'oneflight';

  /** Why, addresses masked. */
  readonly reason: string;
}
