import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/** What a server says on one connection, and how it leaves. */
export class ReplyWire {
  #socket: Socket;

  /** Whether nothing more is said: what comes in is let pass. */
  over = false;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Goes on over another socket, the TLS one over the present one. */
  use(socket: Socket): void {
    this.#socket = socket;
  }

  say(reply: string): void {
    this.#socket.write(`${reply}\r\n`, 'latin1');
  }

  /** In as many packets as there are bytes. */
  saySlowly(reply: string): void {
    for (const byte of `${reply}\r\n`) this.#socket.write(byte, 'latin1');
  }

  /** The same reply in two lines. */
  sayInLines(reply: string): void {
    this.say(`${reply.slice(0, 3)}-one\r\n${reply}`);
  }

  /** The first half, and then the end. */
  sayHalf(reply: string): void {
    this.#socket.write(reply.slice(0, reply.length / 2), 'latin1');
    this.end();
  }

  fallSilent(): void {
    this.over = true;
  }

  /** Ends in good order: all that was said arrives. */
  end(): void {
    this.over = true;
    this.#socket.end();
  }

  /** Breaks off: what was said a moment ago may be lost. */
  reset(): void {
    this.over = true;
    if (this.#socket instanceof TLSSocket) this.#socket.destroy();
    else this.#socket.resetAndDestroy();
  }
}
