import type { AccountFault } from './account-fault.js';
import type { Step } from './account-hold.js';
import type { SmtpConnection } from '../smtp/smtp-connection.js';

/** Who gives the connections their work. */
export interface ConnectionUser {
  /** Something has changed: connections may be free, or may be opened. */
  progress(): void;

  /** The account was found at fault, at `step`, by what began at `startedAt`. */
  pauseAccount(fault: AccountFault, startedAt: number, step: Step): void;

  /** The relay has let in a connection that was begun at `startedAt`. */
  loggedIn(startedAt: number): void;

  /** A parcel may go out along with this connection's AUTH. */
  greeted(connection: SmtpConnection): void;

  /** A parcel may ride on this connection now. */
  tail(connection: SmtpConnection): void;
}
