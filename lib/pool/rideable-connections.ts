import type { SmtpConnection } from '../smtp/smtp-connection.js';

/** The connections whose body has left and that an envelope may ride on. */
export class RideableConnections {
  readonly #connections = new Set<SmtpConnection>();

  get size(): number {
    return this.#connections.size;
  }

  add(connection: SmtpConnection): void {
    if (connection.rideable) this.#connections.add(connection);
  }

  remove(connection: SmtpConnection): void {
    this.#connections.delete(connection);
  }

  /** The one that has waited longest. */
  first(): SmtpConnection | undefined {
    for (const connection of this.#connections) {
      if (connection.rideable) return connection;
      this.#connections.delete(connection);
    }
    return undefined;
  }
}
