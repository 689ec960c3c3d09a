import type { ResolvedRateLimit } from '../../options/resolved-options.js';
import type { Amounts } from './fleet-record.js';

/** What one worker of a fleet may do. */
export interface FleetShare {
  /** Connections that it may hold. */
  readonly connections: number;

  /** Its part of the fleet's rate; `undefined` when that has none. */
  readonly rate: ResolvedRateLimit | undefined;

  /** Why nothing may be sent at all, if so. */
  readonly paused: string | undefined;
}

/** What sends within a share: the mail instance of this process. */
export interface ShareHolder {
  /** What it makes use of: sockets that are open, messages in the window. */
  readonly usage: Amounts;

  /**
   * What it could make use of at once beside that: connections in all, and
   * further messages.
   */
  readonly demand: Amounts;

  /**
   * Takes another share, at once: what it holds beyond it takes on nothing more
   * and is let go of as soon as it is free.
   */
  take(share: FleetShare): void;

  /** Lets go at once of every connection, whatever it carries. */
  drop(): void;
}
