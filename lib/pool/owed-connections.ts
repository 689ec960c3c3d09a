import type { SmtpConnection } from '../smtp/smtp-connection.js';
import type { IdleConnections } from './idle-connections.js';

/** What an only connection carries before it goes, unless it is idle. */
const LONE_SHARE = 10;

/** What {@link OwedConnections} ask their owner. */
export interface OwedRules {
  /** Whether there is no other connection that stays. */
  isAlone(): boolean;

  /** Whether there are more connections than this process may hold. */
  isCrowded(): boolean;

  /** Ends a connection once it has nothing on the wire. */
  retire(connection: SmtpConnection): void;
}

/**
 * The connections that a pool is to give up: for pools that have none, and
 * those beyond what this process may hold.
 */
export class OwedConnections {
  readonly #idle: IdleConnections;
  readonly #rules: OwedRules;
  #owed = 0;

  constructor(idle: IdleConnections, rules: OwedRules) {
    this.#idle = idle;
    this.#rules = rules;
  }

  /** One more is to go. */
  add(): void {
    this.#owed += 1;
    this.giveUpIdle();
  }

  /** Lets go of those that wait for work. */
  giveUpIdle(): void {
    while (this.#owed > 0 || this.#rules.isCrowded()) {
      const idle = this.#idle.take();
      if (idle === undefined) return;
      this.#giveUp(idle);
    }
  }

  /** Lets go of a connection that might carry more, if one is to go; whether it does. */
  includes(connection: SmtpConnection): boolean {
    if (this.#rules.isCrowded()) {
      this.#giveUp(connection);
      return true;
    }
    if (this.#owed === 0) return false;
    if (connection.assigned < LONE_SHARE && this.#rules.isAlone()) return false;
    this.#giveUp(connection);
    return true;
  }

  #giveUp(connection: SmtpConnection): void {
    this.#owed = Math.max(0, this.#owed - 1);
    this.#rules.retire(connection);
  }
}
