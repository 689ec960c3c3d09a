import { once } from 'node:events';
import { connect, createServer, Socket, type Server } from 'node:net';
import { spread } from './figures.js';

/**
 * A stretch of network in front of a server on loopback. Bytes, and the news
 * of a connection, need half a round trip each way. A connect to the proxy
 * succeeds at once, so that the round trip of TCP's own handshake is missing.
 */
export class LatencyProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly port: number;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  static async start(
    serverPort: number,
    roundTripMs: number,
  ): Promise<LatencyProxy> {
    const server = createServer({ noDelay: true, allowHalfOpen: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') {
      throw new Error('The proxy listens on no port');
    }
    const proxy = new LatencyProxy(server, address.port);
    server.on('connection', (client) => {
      proxy.#join(client, serverPort, roundTripMs / 2);
    });
    return proxy;
  }

  /**
   * Measures what one round trip over it takes with a server that speaks
   * first: timers are late, and all figures are counted in this unit.
   */
  async measureRoundTripMs(exchanges: number): Promise<number> {
    const socket = connect({ port: this.port, host: '127.0.0.1' });
    await once(socket, 'data');
    const times: number[] = [];
    for (let n = 0; n < exchanges; n += 1) {
      const began = performance.now();
      socket.write('NOOP\r\n');
      await once(socket, 'data');
      times.push(performance.now() - began);
    }
    socket.destroy();
    return spread(times).median;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #join(client: Socket, port: number, delayMs: number): void {
    const upstream = new Socket({ allowHalfOpen: true });
    setTimeout(() => {
      upstream.connect({ port, host: '127.0.0.1' }).setNoDelay();
    }, delayMs);
    this.#keep(client);
    this.#keep(upstream);
    carry(client, upstream, delayMs);
    carry(upstream, client, delayMs);
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.#sockets.delete(socket));
  }
}

/** Everything that happens on one side happens on the other, later. */
function carry(from: Socket, to: Socket, delayMs: number): void {
  const later = (act: () => void): void => {
    setTimeout(() => {
      if (!to.destroyed) act();
    }, delayMs);
  };
  from.on('data', (chunk) => later(() => to.write(chunk)));
  from.on('end', () => later(() => to.end()));
  from.on('close', () => later(() => to.destroy()));
}
