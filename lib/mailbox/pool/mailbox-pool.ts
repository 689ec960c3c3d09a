import type { MailStats } from '../../delivery/stats.js';

/** One connection to the relay. */
export interface MailboxConnection {
  readonly state: 'connecting' | 'busy' | 'idle' | 'leaving';

  /** Messages that it was given. */
  readonly messages: number;

  /** How many it may be given before another takes its place. */
  readonly cap: number;

  /** For how long it has been there, in milliseconds. */
  readonly ageMs: number;
}

/** The pool of one instance, or of one of its tenants. */
export interface MailboxPoolPart {
  /** Name of the mail instance. */
  readonly instance: string;
  readonly tenant?: string | undefined;

  /** `smtp` with `deliver: true`; nothing is sent in the other modes. */
  readonly mode: 'smtp' | 'capture' | 'discard';

  /** Host and port of the relay; absent when nothing is sent. */
  readonly relay?: string | undefined;
  readonly maxConnections: number;

  /** Places in the queue. */
  readonly maxQueued: number;

  /** The option `rateLimit`, and how much of it is used at present. */
  readonly rateLimit?:
    | {
        readonly messages: number;
        readonly perMs: number;
        readonly used: number;
      }
    | undefined;

  /** Messages that ended per second, over the last ten seconds. */
  readonly perSecond: number;

  /** What `mail.stats()` says. */
  readonly stats: MailStats;

  /** The first 256 connections. */
  readonly connections: readonly MailboxConnection[];
}

/** The answer to `GET .../pool`. */
export interface MailboxPool {
  /** When it was so, in milliseconds since 1970. */
  readonly at: number;
  readonly parts: readonly MailboxPoolPart[];
}
