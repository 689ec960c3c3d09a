import type { Lane } from '../pool/lane.js';

/** What waits in one lane, and for how long the oldest message has. */
export interface LaneStats {
  readonly messages: number;

  /** Bytes of these messages; a stream's are not known. */
  readonly bytes: number;

  /** Age of the oldest waiting message in milliseconds, 0 when none waits. */
  readonly oldestMs: number;
}

/** A snapshot of one instance. */
export interface MailStats {
  readonly connections: {
    /** Open connections, those being set up included. */
    readonly open: number;
    /** Connections being set up. */
    readonly connecting: number;
    /** Connections with a message on the wire. */
    readonly busy: number;
    /** Connections ready for a message. */
    readonly idle: number;
  };
  readonly queue: {
    /** Places taken: every message between `send` and its settlement. */
    readonly messages: number;
    /** Bytes of composed messages that have not settled. */
    readonly bytes: number;
    /** Messages that wait for a connection, lane by lane. */
    readonly byLane: Readonly<Record<Lane, LaneStats>>;
  };
  /** `submitted` is always the sum of the others. */
  readonly totals: {
    readonly submitted: number;
    readonly accepted: number;
    readonly rejected: number;
    readonly unknown: number;
    readonly notSent: number;
    readonly pending: number;
  };
  /**
   * `refused` once SendGrid has refused the key and none was accepted since,
   * `paused` while it takes no mail from the account.
   */
  readonly account: 'ok' | 'paused' | 'refused';
  /**
   * For how long no connection could be had, in milliseconds; absent while one
   * is open, or none was asked for.
   */
  readonly outageMs?: number;
  /** Why `MailService.pause` holds mail back; absent while it does not. */
  readonly paused?: string;
  /** How many senders SendGrid refuses at present. */
  readonly pausedSenders: number;
  /** How commands are grouped at present on this relay. */
  readonly pipelining: 'lockstep' | 'envelope' | 'oneflight';
  /** Whether a first envelope goes out with AUTH, without waiting for its reply. */
  readonly groupedAuth: boolean;
  /**
   * First 8 hex digits of the key's SHA-256; absent without a key, and until a
   * function was asked for one.
   */
  readonly keyFingerprint?: string;
}
