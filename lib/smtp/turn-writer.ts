import type { Socket } from 'node:net';

/** Up to this many bytes are copied into one buffer, which is cheaper than a list. */
const JOINED = 16_384;

/** Writers with something to write at the end of this turn of the event loop. */
let waiting: TurnWriter[] = [];

function flushAll(): void {
  const writers = waiting;
  waiting = [];
  for (const writer of writers) writer.flush();
}

/**
 * Writes to one socket what one turn of the event loop has brought: a body
 * and the envelope behind it leave in one system call, and those of many
 * connections right after each other, which wakes the other end less often.
 */
export class TurnWriter {
  #socket: Socket;
  readonly #parts: (string | Buffer)[] = [];

  /** How often it has written: what was given to it before has left. */
  flushes = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Goes on with another socket, the TLS one over the present one. */
  use(socket: Socket): void {
    this.#socket = socket;
  }

  /** Takes what is to leave at the end of this turn. */
  write(data: string | Buffer): void {
    if (this.#parts.push(data) > 1) return;
    if (waiting.push(this) === 1) setImmediate(flushAll);
  }

  /** Writes at once, after all that waits; `false` says to wait for `drain`. */
  writeNow(data: Buffer): boolean {
    this.flush();
    return this.#socket.write(data);
  }

  flush(): void {
    const parts = this.#parts;
    const [first] = parts;
    if (first === undefined) return;
    this.flushes += 1;
    if (parts.length === 1) this.#put(first);
    else if (lengthOf(parts) <= JOINED) this.#socket.write(joined(parts));
    else {
      this.#socket.cork();
      for (const part of parts) this.#put(part);
      this.#socket.uncork();
    }
    parts.length = 0;
  }

  /** Forgets what has not left. */
  drop(): void {
    this.#parts.length = 0;
  }

  #put(part: string | Buffer): void {
    if (typeof part === 'string') this.#socket.write(part, 'latin1');
    else this.#socket.write(part);
  }
}

function lengthOf(parts: readonly (string | Buffer)[]): number {
  let length = 0;
  for (const part of parts) length += part.length;
  return length;
}

function joined(parts: readonly (string | Buffer)[]): Buffer {
  const whole = Buffer.allocUnsafe(lengthOf(parts));
  let at = 0;
  for (const part of parts) {
    at +=
      typeof part === 'string'
        ? whole.write(part, at, 'latin1')
        : part.copy(whole, at);
  }
  return whole;
}
