import type { Socket } from 'node:net';
import {
  ConnectionError,
  type ConnectionErrorDetails,
  type ConnectionStage,
} from './connection-error.js';
import { Deque } from './deque.js';
import type { Reply } from './reply.js';
import { DesyncError, ReplyReader } from './reply-reader.js';
import { TurnWriter } from './turn-writer.js';

/** Who waits for a reply. Replies are handed out by counting, never by code. */
export interface ReplyReceiver {
  /** How long to wait for the next reply, in milliseconds. */
  patienceMs(): number;

  receive(reply: Reply): void;
}

/** Who owns a channel. */
export interface ChannelOwner {
  /** A reply that nobody waits for. */
  unsolicited(reply: Reply): void;

  /** The channel has failed; it takes and gives nothing more. Called once. */
  failed(error: ConnectionError): void;

  /** The socket is gone; the connection no longer counts. Called once. */
  closed(): void;
}

/**
 * A socket, the replies that are due on it, and one timer for the next one.
 */
export class Channel {
  readonly #owner: ChannelOwner;
  readonly #due = new Deque<ReplyReceiver>();
  readonly #writer: TurnWriter;
  #reader: ReplyReader;
  #socket: Socket;
  #deadline = Infinity;
  /** When the replies at hand came, on the monotonic clock. */
  #readAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #timerAt = Infinity;
  #failed = false;

  /** How far the session is, for error messages. */
  stage: ConnectionStage = 'connect';

  constructor(socket: Socket, owner: ChannelOwner) {
    this.#owner = owner;
    this.#socket = socket;
    this.#writer = new TurnWriter(socket);
    this.#reader = new ReplyReader((reply) => this.#onReply(reply));
    this.#attach(socket);
  }

  get socket(): Socket {
    return this.#socket;
  }

  get failed(): boolean {
    return this.#failed;
  }

  /** Whether bytes have arrived that belong to no complete reply. */
  get holdsInput(): boolean {
    return this.#reader.partial;
  }

  /** Moves the session to another socket, the TLS one over the present one. */
  swap(wrap: (socket: Socket) => Socket): Socket {
    const plain = this.#socket;
    this.#socket = wrap(plain);
    this.#writer.use(this.#socket);
    this.#detach(plain);
    this.#reader.stop();
    this.#reader = new ReplyReader((reply) => this.#onReply(reply));
    this.#attach(this.#socket);
    return this.#socket;
  }

  /** Writes at the end of this turn of the event loop. */
  write(data: string | Buffer): void {
    if (!this.#failed) this.#writer.write(data);
  }

  /** Writes at once; `false` says to wait for `drain`. */
  writeNow(data: Buffer): boolean {
    return this.#failed || this.#writer.writeNow(data);
  }

  /** How often it has written: what {@link write} took before has left. */
  get flushes(): number {
    return this.#writer.flushes;
  }

  /** Queues `count` replies for `receiver`. */
  expect(receiver: ReplyReceiver, count = 1): void {
    if (this.#failed) return;
    const wasEmpty = this.#due.size === 0;
    for (let i = 0; i < count; i += 1) this.#due.push(receiver);
    if (wasEmpty) this.#setDeadline(receiver.patienceMs());
  }

  /** Fails the channel unless {@link expect} or a reply resets the clock within `ms`. */
  watch(ms: number): void {
    this.#setDeadline(ms);
  }

  /** Stops the clock that {@link watch} started. */
  unwatch(): void {
    this.#deadline = Infinity;
  }

  /**
   * Acts once all that has come is read, and not if that fails the channel:
   * what came before a command was written is no reply to it.
   */
  whenRead(act: () => void): void {
    if (!this.#reader.partial) return act();
    queueMicrotask(() => {
      if (!this.#failed) act();
    });
  }

  /** Says goodbye to the socket; `closed` follows. */
  end(): void {
    this.#writer.flush();
    this.#stop();
    this.#socket.end();
    this.#killLater();
  }

  /** Fails the channel and drops the socket. */
  fail(error: ConnectionError): void {
    if (this.#failed) {
      this.#socket.destroy();
      return;
    }
    this.#stop();
    this.#socket.destroy();
    this.#owner.failed(error);
  }

  #stop(): void {
    this.#failed = true;
    this.#writer.drop();
    this.#reader.stop();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #attach(socket: Socket): void {
    socket.on('data', this.#onData);
    socket.on('error', this.#onError);
    socket.on('end', this.#onEnd);
    socket.on('close', this.#onClose);
  }

  #detach(socket: Socket): void {
    socket.off('data', this.#onData);
    socket.off('end', this.#onEnd);
    socket.off('close', this.#onClose);
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#readAt = performance.now();
    try {
      this.#reader.push(chunk);
    } catch (error) {
      if (!(error instanceof DesyncError)) throw error;
      this.#lose(`The relay broke the SMTP protocol (${error.message})`, {
        cause: error,
        nature: 'desync',
      });
    }
  };

  #onReply(reply: Reply): void {
    const receiver = this.#due.shift();
    const next = this.#due.peek();
    if (next === undefined) this.#deadline = Infinity;
    if (receiver === undefined) this.#owner.unsolicited(reply);
    else receiver.receive(reply);
    // What was queued meanwhile has set the clock itself.
    if (next !== undefined && !this.#failed) {
      this.#setDeadline(next.patienceMs(), this.#readAt);
    }
  }

  readonly #onError = (error: Error): void => {
    this.#lose(`The connection failed (${error.message})`, { cause: error });
  };

  readonly #onEnd = (): void => {
    this.#lose('The relay closed the connection');
  };

  readonly #onClose = (): void => {
    this.#lose('The connection was lost');
    clearTimeout(this.#timer);
    this.#owner.closed();
  };

  #lose(message: string, details: ConnectionErrorDetails = {}): void {
    this.fail(new ConnectionError(this.stage, message, details));
  }

  #setDeadline(ms: number, from = performance.now()): void {
    this.#deadline = from + ms;
    // An armed timer that fires earlier is left alone: it looks again then.
    if (this.#deadline < this.#timerAt) this.#arm(ms);
  }

  #arm(ms: number): void {
    clearTimeout(this.#timer);
    this.#timerAt = performance.now() + ms;
    this.#timer = setTimeout(this.#onTimer, ms);
    this.#timer.unref();
  }

  readonly #onTimer = (): void => {
    this.#timerAt = Infinity;
    const left = this.#deadline - performance.now();
    if (left === Infinity || this.#failed) return;
    if (left > 1) this.#arm(left);
    // A process that was held up has replies waiting: they are read first.
    else setImmediate(this.#onLate);
  };

  readonly #onLate = (): void => {
    if (this.#failed) return;
    const left = this.#deadline - performance.now();
    if (left > 1) this.#setDeadline(left);
    else this.#lose('The relay did not answer in time', { nature: 'silence' });
  };

  #killLater(): void {
    const socket = this.#socket;
    const timer = setTimeout(() => socket.destroy(), 2000);
    timer.unref();
    socket.once('close', () => clearTimeout(timer));
  }
}
