import {
  createServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net';
import {
  createSecureContext,
  createServer as createTlsServer,
  type SecureContext,
} from 'node:tls';
import type { SendGridSmtpOptions } from '../../../lib/options/sendgrid-smtp-options.js';
import { localCertificate } from '../../../lib/testing/fake-sendgrid/certificate.js';
import { FaultySession } from './faulty-session.js';
import type { SoakBook } from './soak-book.js';

/** How the server offers TLS. */
export type SoakSecurity = 'none' | 'implicit' | 'starttls';

/** A server on loopback that goes wrong by plan and keeps book of it. */
export class FaultyRelay {
  readonly #server: Server;
  readonly #book: SoakBook;
  readonly #upgrade: SecureContext | undefined;
  readonly #sockets = new Set<Socket>();
  readonly options: SendGridSmtpOptions;
  #connections = 0;
  #empty: (() => void) | undefined;

  private constructor(
    server: Server,
    book: SoakBook,
    upgrade: SecureContext | undefined,
    options: SendGridSmtpOptions,
  ) {
    this.#server = server;
    this.#book = book;
    this.#upgrade = upgrade;
    this.options = options;
  }

  static async start(
    book: SoakBook,
    security: SoakSecurity,
  ): Promise<FaultyRelay> {
    const { key, cert } = await localCertificate();
    const onSocket = (socket: Socket): void => relay.#serve(socket);
    const server =
      security === 'implicit'
        ? createTlsServer({ key, cert }, onSocket)
        : createServer(onSocket);
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    // A TCP server that listens has an address of this form.
    const { port } = server.address() as AddressInfo;
    const context = createSecureContext({ key, cert });
    const upgrade = security === 'starttls' ? context : undefined;
    const relay = new FaultyRelay(server, book, upgrade, {
      apiKey: 'key',
      host: '127.0.0.1',
      port,
      security,
      tls: { ca: cert },
    });
    return relay;
  }

  /** Waits until every client has left, so that its book is complete. */
  async stop(): Promise<void> {
    if (this.#sockets.size > 0) {
      await new Promise<void>((resolve) => {
        this.#empty = resolve;
      });
    }
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(socket: Socket): void {
    this.#connections += 1;
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    // Clients break off as they like.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      if (this.#sockets.size === 0) this.#empty?.();
    });
    // Talks for as long as the socket is there.
    void new FaultySession(
      socket,
      this.#connections,
      this.#book,
      this.#upgrade,
    );
  }
}
