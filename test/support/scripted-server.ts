import {
  createServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net';

/** What a client has just said. */
export type Event =
  | 'GREETING'
  | 'EHLO'
  | 'AUTH'
  | 'RSET'
  | 'MAIL'
  | 'RCPT'
  | 'DATA'
  | 'DOT'
  | 'QUIT'
  | 'STARTTLS';

/** One event on one connection. */
export interface Said {
  readonly event: Event;
  /** The command line, or the body without its end mark for `DOT`. */
  readonly line: string;
  /** Connections are numbered from 1. */
  readonly connection: number;
  /** How often this event has come on this connection, from 1. */
  readonly nth: number;
  readonly socket: Socket;
}

/** What to answer: raw bytes, `undefined` for the usual reply, `''` for silence. */
export type Script = (said: Said) => string | undefined;

const EHLO = [
  '250-smtp.test',
  '250-8BITMIME',
  '250-PIPELINING',
  '250-SIZE 31457280',
  '250-AUTH PLAIN LOGIN',
  '250 AUTH=PLAIN LOGIN',
];

const USUAL: Record<Event, string> = {
  GREETING: '220 ready\r\n',
  EHLO: `${EHLO.join('\r\n')}\r\n`,
  AUTH: '235 ok\r\n',
  RSET: '250 reset\r\n',
  MAIL: '250 sender ok\r\n',
  RCPT: '250 recipient ok\r\n',
  DATA: '354 go on\r\n',
  DOT: '250 Ok: queued as id\r\n',
  QUIT: '221 bye\r\n',
  STARTTLS: '502 no\r\n',
};

/** A bare SMTP server on loopback that answers whatever a test wants it to. */
export class ScriptedServer {
  readonly #server: Server;
  readonly #script: Script;
  readonly #sockets = new Set<Socket>();
  #connections = 0;

  /** Everything the clients said, in order. */
  readonly said: Said[] = [];

  /** Bodies whose dot was answered with 2yz. */
  readonly accepted: string[] = [];

  private constructor(script: Script) {
    this.#script = script;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  static async start(
    script: Script = () => undefined,
  ): Promise<ScriptedServer> {
    const server = new ScriptedServer(script);
    await new Promise<void>((resolve) => {
      server.#server.listen(0, '127.0.0.1', resolve);
    });
    return server;
  }

  /** The usual EHLO reply without some of its keywords. */
  static ehloWithout(...keywords: string[]): string {
    const kept = EHLO.filter(
      (line) => !keywords.includes(line.slice(4).split(' ', 1)[0] ?? ''),
    );
    return `${kept.join('\r\n')}\r\n`;
  }

  get port(): number {
    // A TCP server that listens has an address of this form.
    return (this.#server.address() as AddressInfo).port;
  }

  get options(): {
    apiKey: string;
    host: string;
    port: number;
    security: 'none';
  } {
    const apiKey = `SG.${'a'.repeat(22)}.${'b'.repeat(43)}`;
    return { apiKey, host: '127.0.0.1', port: this.port, security: 'none' };
  }

  get connections(): number {
    return this.#connections;
  }

  /** How often an event came, over all connections. */
  count(event: Event): number {
    return this.said.filter((said) => said.event === event).length;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(socket: Socket): void {
    this.#connections += 1;
    this.#sockets.add(socket);
    const connection = this.#connections;
    const counts = new Map<Event, number>();
    const say = (event: Event, line: string): string => {
      const nth = (counts.get(event) ?? 0) + 1;
      counts.set(event, nth);
      const said = { event, line, connection, nth, socket };
      this.said.push(said);
      const reply = this.#script(said) ?? USUAL[event];
      if (event === 'DOT' && reply.startsWith('2')) this.accepted.push(line);
      if (reply !== '' && !socket.destroyed) socket.write(reply, 'latin1');
      if (event === 'QUIT' && reply.startsWith('2')) socket.end();
      return reply;
    };
    let input = '';
    let body: BodyTaker | undefined;
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sockets.delete(socket));
    say('GREETING', '');
    socket.on('data', (chunk) => {
      input += chunk.toString('latin1');
      while (!socket.destroyed) {
        const taken = body === undefined ? takeLine(input) : body.take(input);
        input = taken?.rest ?? (body === undefined ? input : '');
        if (taken === undefined) return;
        if (body !== undefined) say('DOT', taken.line);
        const reply =
          body === undefined ? say(eventOf(taken.line), taken.line) : '';
        body = reply.startsWith('354') ? new BodyTaker() : undefined;
      }
    });
  }
}

type Taken = { readonly line: string; readonly rest: string } | undefined;

function takeLine(input: string): Taken {
  const end = input.indexOf('\r\n');
  if (end === -1) return undefined;
  return { line: input.slice(0, end), rest: input.slice(end + 2) };
}

const END = '\r\n.\r\n';

/** Collects a body without looking at any of it twice. */
class BodyTaker {
  // The line end of DATA counts: a body may be nothing but its dot.
  #tail = '\r\n';
  readonly #parts: string[] = [];

  take(input: string): Taken {
    const seen = this.#tail + input;
    const end = seen.indexOf(END);
    if (end === -1) {
      this.#parts.push(input);
      this.#tail = seen.slice(-END.length + 1);
      return undefined;
    }
    const rest = seen.slice(end + END.length);
    const all = this.#parts.join('') + input;
    return { line: all.slice(0, all.length - rest.length - 3), rest };
  }
}

function eventOf(line: string): Event {
  const verb = line.split(' ', 1)[0]?.toUpperCase();
  switch (verb) {
    case 'EHLO':
    case 'AUTH':
    case 'RSET':
    case 'MAIL':
    case 'RCPT':
    case 'DATA':
    case 'QUIT':
    case 'STARTTLS':
      return verb;
    default:
      throw new Error(`unexpected command: ${line}`);
  }
}
