import { connect, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import type { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';

export const ENVELOPE = [
  'MAIL FROM:<a@example.com>',
  'RCPT TO:<b@example.com>',
  'DATA',
];
export const ENVELOPE_REPLIES = [
  '250 Sender address accepted',
  '250 Recipient address accepted',
  '354 Continue',
];
export const BODY = 'From: a@example.com\r\nSubject: Hi\r\n\r\nHello\r\n.';

/** A client without opinions: writes what it is told, and shows what came. */
export class RawClient {
  #socket: Socket;
  #unread = '';
  #ended = false;
  #wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#listen(socket);
  }

  /** Connects, with TLS when the relay wants it at once. */
  static async connect(relay: FakeSendGrid): Promise<RawClient> {
    const { host, port, tls, security } = relay.options;
    const isImplicit = security === 'implicit';
    const socket = isImplicit
      ? connectTls({ host, port, ...tls })
      : connect(port, host);
    await new Promise((resolve, reject) => {
      socket.once(isImplicit ? 'secureConnect' : 'connect', resolve);
      socket.once('error', reject);
    });
    return new RawClient(socket);
  }

  /** Connects and goes as far as AUTH, in the clear where STARTTLS is offered. */
  static async ready(relay: FakeSendGrid): Promise<RawClient> {
    const client = await RawClient.connect(relay);
    await client.replies(1);
    await client.say('EHLO client.example.com');
    await client.say(plain('apikey', relay.options.apiKey));
    return client;
  }

  /** What has come and was not read yet. */
  get unread(): string {
    return this.#unread;
  }

  write(text: string | Buffer): void {
    this.#socket.write(text);
  }

  /** Writes lines in one segment. */
  lines(...lines: string[]): void {
    this.write(lines.map((line) => `${line}\r\n`).join(''));
  }

  /** Writes one line and resolves with the reply. */
  async say(line: string): Promise<string> {
    this.lines(line);
    return (await this.replies(1)).join();
  }

  /** The next replies; the lines of one are joined by a line feed. */
  async replies(count: number): Promise<string[]> {
    const replies: string[] = [];
    while (replies.length < count) replies.push(await this.#reply());
    return replies;
  }

  /** Sends one small message, command by command. */
  async sendMail(): Promise<string> {
    for (const command of ENVELOPE) await this.say(command);
    return this.say(BODY);
  }

  /** Resolves with the replies still to come once the relay has closed. */
  async closed(): Promise<string> {
    while (!this.#ended) await this.#more();
    return this.#unread;
  }

  /** Puts TLS on the connection. */
  async secure(options: ConnectionOptions): Promise<void> {
    this.#socket.removeAllListeners();
    const secured = connectTls({ socket: this.#socket, ...options });
    this.#socket = secured;
    await new Promise((resolve, reject) => {
      secured.once('secureConnect', resolve);
      secured.once('error', reject);
    });
    this.#listen(secured);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  async #reply(): Promise<string> {
    for (;;) {
      const reply = /^(?:\d{3}-[^\n]*\n)*\d{3} [^\n]*\n/.exec(
        this.#unread,
      )?.[0];
      if (reply !== undefined) {
        this.#unread = this.#unread.slice(reply.length);
        return reply.trimEnd().replaceAll('\r\n', '\n');
      }
      if (this.#ended) throw new Error(`closed, left: ${this.#unread}`);
      await this.#more();
    }
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #listen(socket: Socket): void {
    socket.on('data', (chunk) => {
      this.#unread += chunk.toString('latin1');
      this.#wake();
    });
    for (const event of ['end', 'close', 'error']) {
      socket.on(event, () => {
        this.#ended = true;
        this.#wake();
      });
    }
  }
}

/** AUTH PLAIN with an initial response. */
export function plain(user: string, password: string): string {
  return `AUTH PLAIN ${base64(`\0${user}\0${password}`)}`;
}

export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
