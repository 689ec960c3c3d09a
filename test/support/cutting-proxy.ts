import {
  connect,
  createServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net';

/** Client to server, or server to client. */
export type Direction = 'up' | 'down';

/** Where a proxy cuts, and how. */
export interface Cut {
  readonly direction: Direction;

  /** How many bytes of that direction still pass. */
  readonly after: number;

  /**
   * `drop` closes both sides; `half-close` ends this direction only, while
   * the other one goes on.
   */
  readonly how: 'drop' | 'half-close';
}

/** A TCP proxy on loopback that cuts its first connection at an exact byte. */
export class CuttingProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #target: number;
  readonly #cut: Cut | undefined;

  /** What has passed over the first connection, byte by byte. */
  readonly passed: Record<Direction, string> = { up: '', down: '' };
  connections = 0;

  private constructor(target: number, cut: Cut | undefined) {
    this.#target = target;
    this.#cut = cut;
    this.#server = createServer({ allowHalfOpen: true }, (client) => {
      this.#serve(client);
    });
  }

  /** Starts a proxy to a port on loopback; without `cut` everything passes. */
  static async start(target: number, cut?: Cut): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(target, cut);
    await new Promise<void>((resolve) => {
      proxy.#server.listen(0, '127.0.0.1', resolve);
    });
    return proxy;
  }

  get port(): number {
    // A TCP server that listens has an address of this form.
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(client: Socket): void {
    this.connections += 1;
    const relay = connect({
      host: '127.0.0.1',
      port: this.#target,
      allowHalfOpen: true,
    });
    const first = this.connections === 1;
    const cut = first ? this.#cut : undefined;
    const note = (direction: Direction, bytes: Buffer): void => {
      if (first) this.passed[direction] += bytes.toString('latin1');
    };
    for (const socket of [client, relay]) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('close', () => this.#sockets.delete(socket));
    }
    forward({ from: client, to: relay, direction: 'up', cut, note });
    forward({ from: relay, to: client, direction: 'down', cut, note });
  }
}

interface Way {
  readonly from: Socket;
  readonly to: Socket;
  readonly direction: Direction;
  readonly cut: Cut | undefined;
  readonly note: (direction: Direction, bytes: Buffer) => void;
}

function forward({ from, to, direction, cut, note }: Way): void {
  const mine = cut?.direction === direction ? cut : undefined;
  let left = mine?.after ?? Infinity;
  const sever = (): void => {
    if (mine?.how === 'half-close') to.end();
    else {
      // Once what was let through has left.
      to.destroySoon();
      from.destroySoon();
    }
  };
  if (left === 0) sever();
  from.on('data', (chunk) => {
    if (left === 0 || !to.writable) return;
    const passing = chunk.subarray(0, left);
    note(direction, passing);
    to.write(passing);
    left -= passing.length;
    if (left === 0) sever();
  });
  from.on('end', () => to.end());
  from.on('error', () => to.destroy());
  from.on('close', () => to.destroySoon());
}
