import type { ConnectionError } from './connection-error.js';

/** Who made a connection and gives it its work. */
export interface ConnectionOwner<Connection> {
  /** It is about to authenticate and takes a transaction along with that. */
  greeted(connection: Connection): void;

  /** It is set up: idle, or busy with what it took along. */
  ready(connection: Connection): void;

  /** It has brought its first transaction to an end. */
  proven(connection: Connection): void;

  /** Its transaction has ended and it takes the next. */
  free(connection: Connection): void;

  /** The last bytes of a body are leaving: a transaction may ride with them. */
  tail(connection: Connection): void;

  /** It takes no more work; what it held has ended. */
  lost(connection: Connection, error: ConnectionError): void;

  /** Its socket is gone, its place is free. */
  closed(connection: Connection): void;
}
