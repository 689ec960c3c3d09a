import { createHash } from 'node:crypto';
import {
  createServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net';

/** A body as it stood on the wire, without its end mark. */
export interface SunkBody {
  readonly bytes: number;
  readonly sha256: string;
}

const END = Buffer.from('\r\n.\r\n');
const EHLO =
  '250-sink.test\r\n250-8BITMIME\r\n250-PIPELINING\r\n250 AUTH PLAIN';
const REPLIES: Record<string, string> = {
  EHLO,
  AUTH: '235 ok',
  QUIT: '221 bye',
};

/** A server without SIZE that takes bodies of any length and keeps none. */
export class SinkServer {
  readonly #server: Server;
  readonly bodies: SunkBody[] = [];

  private constructor() {
    this.#server = createServer((socket) => this.#serve(socket));
  }

  static async start(): Promise<SinkServer> {
    const sink = new SinkServer();
    await new Promise<void>((resolve) => {
      sink.#server.listen(0, '127.0.0.1', resolve);
    });
    return sink;
  }

  get port(): number {
    // A TCP server that listens has an address of this form.
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(socket: Socket): void {
    let input: Buffer = Buffer.alloc(0);
    let body: BodySink | undefined;
    const say = (reply: string): void => void socket.write(`${reply}\r\n`);
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      input = Buffer.concat([input, chunk]);
      while (input.length > 0) {
        if (body === undefined) {
          const end = input.indexOf('\r\n');
          if (end === -1) return;
          const verb = input.toString('latin1', 0, 4);
          input = input.subarray(end + 2);
          if (verb === 'DATA') body = new BodySink();
          say(verb === 'DATA' ? '354 go on' : (REPLIES[verb] ?? '250 ok'));
        } else {
          input = body.take(input);
          if (body.sunk === undefined) return;
          this.bodies.push(body.sunk);
          body = undefined;
          say('250 Ok: queued as sunk');
        }
      }
    });
    say('220 ready');
  }
}

/** Hashes a body as it comes in. */
class BodySink {
  readonly #hash = createHash('sha256');
  #bytes = 0;
  sunk: SunkBody | undefined;

  /** Takes what it can; what is returned comes again with the next bytes. */
  take(input: Buffer): Buffer {
    const end = input.indexOf(END);
    const taken = end === -1 ? Math.max(0, input.length - 4) : end + 2;
    this.#hash.update(input.subarray(0, taken));
    this.#bytes += taken;
    if (end === -1) return input.subarray(taken);
    this.sunk = { bytes: this.#bytes, sha256: this.#hash.digest('hex') };
    return input.subarray(end + END.length);
  }
}
