import type { Socket } from 'node:net';
import type { Counts } from './counts.js';

const END = Buffer.from('\r\n.\r\n');
const EHLO = [
  '250-sink',
  '250-8BITMIME',
  '250-PIPELINING',
  '250-SIZE 104857600',
  '250-STARTTLS',
  '250 AUTH PLAIN LOGIN\r\n',
].join('\r\n');

/** What one session needs of its server. */
export interface SessionHost {
  readonly counts: Counts;

  /** Offered when present; the session ends with it. */
  readonly startTls: ((socket: Socket) => void) | undefined;
}

/**
 * One client of the sink. All replies to one chunk leave in one write, and
 * nothing is kept of a message: the server must never be what a run waits for.
 */
export class Session {
  readonly #socket: Socket;
  readonly #host: SessionHost;
  #rest: Buffer = Buffer.alloc(0);
  #inBody = false;
  #replies = '';
  #over = false;

  private constructor(socket: Socket, host: SessionHost) {
    this.#socket = socket;
    this.#host = host;
  }

  /** Serves a client from the greeting on. */
  static greet(socket: Socket, host: SessionHost): void {
    Session.resume(socket, host);
    socket.write('220 sink ESMTP\r\n');
  }

  /** Serves a client that has been greeted. */
  static resume(socket: Socket, host: SessionHost): void {
    const session = new Session(socket, host);
    socket.on('data', (chunk: Buffer) => session.#receive(chunk));
    socket.on('error', () => socket.destroy());
  }

  #receive(chunk: Buffer): void {
    const data =
      this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let at = 0;
    while (at < data.length && !this.#over) {
      const next = this.#inBody ? this.#body(data, at) : this.#line(data, at);
      if (next < 0) break;
      at = next;
    }
    this.#rest = this.#over ? Buffer.alloc(0) : this.#keep(data, at);
    if (this.#replies !== '') this.#socket.write(this.#replies, 'latin1');
    this.#replies = '';
  }

  // Of an unfinished body only what may belong to its end is kept.
  #keep(data: Buffer, at: number): Buffer {
    const from = this.#inBody ? Math.max(at, data.length - 4) : at;
    this.#host.counts.bytes += this.#inBody ? from - at : 0;
    return from === data.length ? Buffer.alloc(0) : data.subarray(from);
  }

  #body(data: Buffer, at: number): number {
    const end = data.indexOf(END, at);
    if (end < 0) return -1;
    const { counts } = this.#host;
    this.#inBody = false;
    counts.messages += 1;
    counts.bytes += end + 2 - at;
    this.#replies += `250 Ok: queued as ${counts.messages}\r\n`;
    return end + END.length;
  }

  #line(data: Buffer, at: number): number {
    const end = data.indexOf(10, at);
    if (end < 0) return -1;
    this.#command(data.toString('latin1', at, Math.min(at + 8, end)).trimEnd());
    return end + 1;
  }

  #command(start: string): void {
    const verb = start.slice(0, 4).toUpperCase();
    if (verb === 'MAIL') this.#host.counts.mailCommands += 1;
    if (verb === 'DATA') {
      this.#inBody = true;
      this.#replies += '354 Go ahead\r\n';
    } else if (verb === 'STAR') this.#upgrade();
    else this.#replies += replyTo(verb, this.#host.startTls !== undefined);
    if (verb === 'QUIT') this.#socket.end(this.#take());
  }

  #upgrade(): void {
    const { startTls } = this.#host;
    if (startTls === undefined) {
      this.#replies += '502 No\r\n';
      return;
    }
    this.#over = true;
    this.#socket.write(`${this.#take()}220 Ready\r\n`);
    this.#socket.removeAllListeners('data');
    startTls(this.#socket);
  }

  #take(): string {
    const replies = this.#replies;
    this.#replies = '';
    return replies;
  }
}

function replyTo(verb: string, starttls: boolean): string {
  switch (verb) {
    case 'EHLO':
      return starttls ? EHLO : EHLO.replace('250-STARTTLS\r\n', '');
    case 'MAIL':
    case 'RCPT':
    case 'RSET':
    case 'NOOP':
      return '250 Ok\r\n';
    case 'AUTH':
      return '235 Authenticated\r\n';
    case 'QUIT':
      return '221 Bye\r\n';
    default:
      return '500 What?\r\n';
  }
}
