import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, TLSSocket } from 'node:tls';
import type { Secret } from '../../lib/options/secret.js';
import { commandLine } from '../../lib/smtp/command.js';
import { ReplyReader } from '../../lib/smtp/reply-reader.js';
import { replyLine, type Reply } from '../../lib/smtp/reply.js';

/** Where a prober connects to. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly ca?: string;
  /** Struck out of every reply. */
  readonly apiKey: Secret;
}

/** What came instead of a reply. */
export type NoReply = 'closed' | 'silence';

/** One SMTP connection by hand: writes what it is told and times every reply. */
export class Prober {
  readonly #target: Target;
  #socket: Socket;
  #unread: Reply[] = [];
  #closed = false;
  #wake: () => void = () => undefined;

  private constructor(target: Target) {
    this.#target = target;
    this.#socket = connect(target.port, target.host).setNoDelay(true);
    this.#listen(this.#socket);
  }

  /** Resolves at once; the greeting is the first reply. */
  static open(target: Target): Prober {
    return new Prober(target);
  }

  /** Writes commands in one piece. */
  write(...commands: string[]): void {
    this.raw(commands.map(commandLine).join(''));
  }

  raw(text: string): void {
    if (!this.#closed) this.#socket.write(text);
  }

  /** The next reply, unless the relay closes or says nothing for too long. */
  async reply(patienceMs = 60_000): Promise<Reply | NoReply> {
    const giveUpAt = performance.now() + patienceMs;
    for (;;) {
      const reply = this.#unread.shift();
      if (reply !== undefined) return reply;
      if (this.#closed) return 'closed';
      const left = giveUpAt - performance.now();
      if (left <= 0) return 'silence';
      await this.#more(left);
    }
  }

  /** Writes one command and expects a reply with this code. */
  async say(command: string, code: number): Promise<Reply> {
    this.write(command);
    return expectReply(await this.reply(), code);
  }

  /** Puts TLS on the connection. */
  async secure(): Promise<{ version: string; cipher: string }> {
    const { host, ca } = this.#target;
    this.#socket.removeAllListeners();
    const secured = connectTls({
      socket: this.#socket,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(ca === undefined ? {} : { ca }),
      rejectUnauthorized: true,
      minVersion: 'TLSv1.2',
    });
    await new Promise<void>((resolve, reject) => {
      secured.once('secureConnect', resolve);
      secured.once('error', reject);
    });
    secured.removeAllListeners('error');
    this.#socket = secured;
    this.#listen(secured);
    const version = secured.getProtocol() ?? 'unknown';
    return { version, cipher: secured.getCipher().name };
  }

  async quit(): Promise<void> {
    this.write('QUIT');
    await this.reply(5000);
    this.destroy();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #listen(socket: Socket | TLSSocket): void {
    const { apiKey } = this.#target;
    const reader = new ReplyReader(({ code, text }) => {
      const key = [apiKey.reveal(), plainSecret(apiKey)];
      const clean = key.reduce(
        (rest, hidden) => rest.replaceAll(hidden, '[redacted]'),
        text,
      );
      this.#unread.push({ code, text: clean });
      this.#wake();
    });
    socket.on('data', (chunk: Buffer) => reader.push(chunk));
    for (const event of ['end', 'error', 'close']) {
      socket.on(event, () => {
        this.#closed = true;
        this.#wake();
      });
    }
  }

  #more(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** What follows AUTH PLAIN (RFC 4616). */
export function plainSecret(apiKey: Secret): string {
  return Buffer.from(`\0apikey\0${apiKey.reveal()}`).toString('base64');
}

/** @throws Error with the relay's own words when it is another reply */
export function expectReply(reply: Reply | NoReply, code: number): Reply {
  if (typeof reply !== 'string' && reply.code === code) return reply;
  throw new Error(`${code} was expected, this came: ${shown(reply)}`);
}

/** A reply, or what came instead, as one line. */
export function shown(reply: Reply | NoReply): string {
  return typeof reply === 'string' ? reply : replyLine(reply);
}
