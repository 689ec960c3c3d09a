import type { SmtpConnection } from '../smtp/smtp-connection.js';

/** Who gives the connections their work. */
export interface ConnectionUser {
  /** Something has changed: connections may be free, or may be opened. */
  progress(): void;

  /** A parcel may go out along with this connection's AUTH. */
  greeted(connection: SmtpConnection): void;

  /** A parcel may ride on this connection now. */
  tail(connection: SmtpConnection): void;
}
