import { isIP, type Socket } from 'node:net';
import {
  connect,
  createSecureContext,
  type ConnectionOptions,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import type { ResolvedRelay } from '../options/resolved-options.js';

/**
 * The TLS side of one relay: one secure context for all its connections, and
 * the latest session, so that later handshakes are shorter.
 */
export class TlsSettings {
  readonly #relay: ResolvedRelay;
  readonly #context: SecureContext;
  #session: Buffer | undefined;

  constructor(relay: ResolvedRelay) {
    this.#relay = relay;
    const { ca, minVersion } = relay.tls;
    this.#context = createSecureContext({
      minVersion,
      ...(ca === undefined ? {} : { ca }),
    });
  }

  /** Starts TLS over a connected socket. Certificate and name are verified. */
  wrap(socket: Socket): TLSSocket {
    const tls = connect({ ...this.#options(), socket });
    tls.on('session', (session) => {
      this.#session = session;
    });
    return tls;
  }

  #options(): ConnectionOptions {
    const { host, tls } = this.#relay;
    const name = tls.servername ?? (isIP(host) === 0 ? host : undefined);
    return {
      host,
      secureContext: this.#context,
      // Passed explicitly: the environment cannot switch verification off.
      rejectUnauthorized: true,
      ...(name === undefined ? {} : { servername: name }),
      ...(this.#session === undefined ? {} : { session: this.#session }),
    };
  }
}
