import type { ConnectionError } from './connection-error.js';
import type { SmtpConnection } from './smtp-connection.js';

/** Who made a connection and gives it its work. */
export interface ConnectionOwner {
  /** It is set up and takes its first transaction. */
  ready(connection: SmtpConnection): void;

  /** Its transaction has ended and it takes the next. */
  free(connection: SmtpConnection): void;

  /** The last bytes of a body are leaving: a transaction may {@link SmtpConnection.ride} with them. */
  tail(connection: SmtpConnection): void;

  /** It takes no more work; what it held has ended. */
  lost(connection: SmtpConnection, error: ConnectionError): void;

  /** Its socket is gone, its place is free. */
  closed(connection: SmtpConnection): void;
}
