import type { Socket } from 'node:net';
import {
  SMTPServer,
  type SMTPServerAuthentication,
  type SMTPServerAuthenticationResponse,
  type SMTPServerOptions,
  type SMTPServerSession,
} from 'smtp-server';
import type { Certificate } from './certificate.js';
import { FakeConnection } from './fake-connection.js';
import type { ConnectionRecord } from './ledger.js';
import type { ResolvedFakeOptions } from './options.js';
import type { RelayState } from './relay-state.js';

const BACKLOG = 4096;

type Next = (error?: Error | null) => void;

/** smtp-server, listening on IPv4 loopback, with SendGrid's connections. */
export class FakeServer extends SMTPServer {
  readonly #state: RelayState;
  readonly #records = new WeakMap<Socket, ConnectionRecord>();
  readonly #sessions = new WeakMap<SMTPServerSession, FakeConnection>();
  readonly #open = new Set<FakeConnection>();
  #stopped: Promise<void> | undefined;

  constructor(state: RelayState, certificate: Certificate) {
    super(serverOptions(state.options, certificate));
    this.#state = state;
    // Clients that vanish are the ledger's business, not a fault of the server.
    this.on('error', () => undefined);
    this.server.prependListener('connection', (socket) => this.#admit(socket));
  }

  /** Starts to listen; resolves with the port. */
  async start(): Promise<number> {
    const { server } = this;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#state.options.port, '127.0.0.1', BACKLOG, () => {
        server.off('error', reject);
        resolve();
      });
    });
    const address = server.address();
    // Only a server on a pipe, or none, has another kind of address.
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** Stops to listen and cuts every connection; resolves when all are gone. */
  stop(): Promise<void> {
    this.#stopped ??= new Promise((resolve) => {
      this.server.close(() => {
        this.#state.ledger.endAll();
        resolve();
      });
      for (const socket of this._pendingSockets.values()) socket.destroy();
      for (const connection of this.#open) connection.destroy();
    });
    return this.#stopped;
  }

  override connect(socket: Socket): void {
    const record = this.#records.get(socket);
    if (record === undefined || this.#stopped !== undefined) {
      socket.destroy();
      return;
    }
    const connection = new FakeConnection(this, socket, this.#state, record);
    this.connections.add(connection);
    this.#open.add(connection);
    this.#sessions.set(connection.session, connection);
    connection.on('error', () => undefined);
    connection.once('gone', () => this.#open.delete(connection));
    connection.init();
  }

  override onConnect(session: SMTPServerSession, next: Next): void {
    this.#sessions.get(session)?.admit(() => next());
  }

  override onSecure(
    socket: Socket,
    session: SMTPServerSession,
    next: Next,
  ): void {
    this.#sessions.get(session)?.secured(socket);
    next();
  }

  override onAuth(
    auth: SMTPServerAuthentication,
    session: SMTPServerSession,
    next: (
      error: Error | null,
      response?: SMTPServerAuthenticationResponse,
    ) => void,
  ): void {
    this.#sessions
      .get(session)
      ?.authenticate(auth, () => next(null, { user: auth.username }));
  }

  override _upgrade(
    socket: Socket,
    done: Parameters<SMTPServer['_upgrade']>[1],
  ): void {
    // Node crashes over TLS on top of a socket that is gone already.
    if (socket.destroyed) return done(new Error('The client has left'));
    super._upgrade(socket, (error, tlsSocket) => {
      const record = this.#records.get(socket);
      if (tlsSocket && record) this.#records.set(tlsSocket, record);
      done(error, tlsSocket);
    });
  }

  #admit(socket: Socket): void {
    const record = this.#state.ledger.open();
    this.#records.set(socket, record);
    // Also for those that never come out of a TLS handshake.
    socket.once('close', () => this.#state.ledger.end(record, 'left'));
  }
}

function serverOptions(
  { security, idleTimeoutMs }: ResolvedFakeOptions,
  certificate: Certificate,
): SMTPServerOptions {
  return {
    ...certificate,
    minVersion: 'TLSv1.2',
    secure: security === 'implicit',
    disabledCommands: security === 'starttls' ? [] : ['STARTTLS'],
    name: 'smtp.sendgrid.net',
    heloResponse: '%s',
    disableReverseLookup: true,
    // SendGrid offers AUTH before STARTTLS, and answers MAIL without AUTH itself.
    allowInsecureAuth: true,
    authOptional: true,
    socketTimeout: idleTimeoutMs,
    logger: false,
  };
}
