import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { SMTPServer } from 'smtp-server';
import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js';
import type { ConnectionRecord } from './ledger.js';
import type { RelayState } from './relay-state.js';
import { ReplyQueue } from './reply-queue.js';
import { SENDGRID_REPLIES as REPLIES } from './replies.js';

/**
 * smtp-server's connection without its delay before the greeting, with replies
 * in one write per turn, and with an exact account of when it ends.
 */
export class RelayConnection extends SMTPConnection {
  protected readonly state: RelayState;
  protected readonly record: ConnectionRecord;
  readonly #replies: ReplyQueue;
  #topSocket: Socket | undefined;

  constructor(
    server: SMTPServer,
    socket: Socket,
    state: RelayState,
    record: ConnectionRecord,
  ) {
    super(server, socket);
    this.state = state;
    this.record = record;
    this.#replies = new ReplyQueue(state.options.latencyMs, (text) => {
      if (this._socket.writable && !this._upgrading) this._socket.write(text);
    });
  }

  /** Cuts the connection at once, whatever it is doing. */
  destroy(): void {
    this.record.closing = true;
    if (this._parser) this._parser.isClosed = true;
    // Under a running handshake the plain socket must not be torn down.
    (this.#topSocket ?? this._socket).destroy();
  }

  /** A TLS session is in place. */
  secured(socket: Socket): void {
    const resumed = socket instanceof TLSSocket && socket.isSessionReused();
    this.state.ledger.secured(this.record, resumed);
  }

  override init(): void {
    this._setListeners(() => this.connectionReady());
  }

  override send(code: number, data?: string | string[] | null): void {
    const lines = Array.isArray(data) ? data : [data ?? ''];
    const last = lines.length - 1;
    lines.forEach((line, index) => {
      this.#replies.push(`${code}${index < last ? '-' : ' '}${line}`);
    });
    if (code === 421) this.close();
  }

  /** Closes once every reply is written. */
  override close(): void {
    this.record.closing = true;
    // What was pipelined behind the command that closes must not run.
    if (this._parser) this._parser.isClosed = true;
    this.#replies.whenWritten(() => super.close());
  }

  override _sendGreeting(): void {
    this.#replies.push(REPLIES.greeting);
  }

  override _armTimeout(socket: Socket = this._socket): void {
    if (socket !== this.#topSocket) {
      this.#topSocket = socket;
      socket.once('end', () => this.#left());
    }
    super._armTimeout(socket);
  }

  override _onTimeout(): void {
    if (this._closing || this._handlerPending) super._onTimeout();
    else this.hangUp(REPLIES.idle);
  }

  override _onClose(): void {
    super._onClose();
    this.#left();
    this.emit('gone');
  }

  override handler_STARTTLS(_command: Buffer, callback: () => void): void {
    if (this.secure) return this.say(REPLIES.tlsActive, callback);
    this.#replies.push(REPLIES.startTls);
    this.#replies.whenWritten(() => {
      // Node crashes over TLS on top of a socket that is gone already.
      if (!this._socket.destroyed) this.upgrade(callback);
    });
  }

  override handler_QUIT(): void {
    const { ledger } = this.state;
    this.#replies.push(REPLIES.bye);
    this.#replies.whenWritten(() => ledger.end(this.record, 'quit'));
    this.close();
  }

  /** Answers and goes on. */
  protected say(reply: string, resume: () => void): void {
    this.#replies.push(reply);
    resume();
  }

  /** Answers and closes. */
  protected hangUp(reply: string): void {
    this.#replies.push(reply);
    this.close();
  }

  /** Closes without a further word, once the replies so far are written. */
  protected drop(): void {
    this.record.closing = true;
    if (this._parser) this._parser.isClosed = true;
    this.#replies.whenWritten(() => this._socket.destroySoon());
  }

  #left(): void {
    this.state.ledger.end(this.record, 'left');
  }
}
