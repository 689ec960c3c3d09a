import type { Socket } from 'node:net';
import { TLSSocket, type SecureContext } from 'node:tls';
import { BodyTaker, takeLine } from './body-taker.js';
import {
  eventOf,
  type Answer,
  type Ending,
  type Event,
  type Said,
  type Timed,
} from './conversation-events.js';
import { Outbox, type Pieces } from './outbox.js';
import { usualReply } from './usual-replies.js';

/** How a {@link ScriptedServer} offers TLS. */
export type Security = 'none' | 'starttls' | 'implicit';

/** What the conversations of one server have in common. */
export interface ConversationSettings {
  readonly security: Security;
  readonly context: SecureContext | undefined;
  readonly pieces: Pieces;
  /** What is cut into pieces: all replies, or those from the first MAIL on. */
  readonly cut: 'all' | 'mail';
  readonly random: () => number;

  /** Asked for the answer to each event. */
  readonly answer: (said: Said) => Answer;
}

/** One connection of a {@link ScriptedServer}. */
export class Conversation {
  readonly #raw: Socket;
  readonly #settings: ConversationSettings;
  readonly #number: number;
  readonly #outbox: Outbox;
  readonly #counts = new Map<Event, number>();
  #socket: Socket;
  #input = '';
  #ending = false;
  #body: BodyTaker | undefined;

  constructor(raw: Socket, number: number, settings: ConversationSettings) {
    this.#raw = raw;
    this.#socket = raw;
    this.#settings = settings;
    this.#number = number;
    const line = {
      isClosed: () => this.#ending || this.#raw.destroyed,
      write: (piece: string) => void this.#socket.write(piece, 'latin1'),
    };
    this.#outbox = new Outbox(line, settings.random);
  }

  /** Greets, and goes on from there. */
  open(): void {
    this.#raw.setNoDelay(true);
    this.#raw.on('error', () => undefined);
    if (this.#settings.security === 'implicit') this.#startTls();
    else this.#raw.on('data', this.#onData);
    this.#say('GREETING', '');
  }

  /** What the client had begun to say and never ended: a body, or a line. */
  get unfinished(): string {
    return this.#body?.text ?? this.#input;
  }

  /** Says something that nobody asked for. */
  interject(unasked: Timed): void {
    const { then } = unasked;
    const done = then === undefined ? undefined : () => this.#end(then);
    this.#outbox.put(unasked, this.#pieces, done);
  }

  destroy(): void {
    this.#raw.destroy();
  }

  #startTls(): void {
    const { context } = this.#settings;
    if (context === undefined) throw new Error('this server has no TLS');
    this.#raw.off('data', this.#onData);
    const options = { isServer: true, secureContext: context };
    this.#socket = new TLSSocket(this.#raw, options);
    this.#socket.on('error', () => undefined);
    this.#socket.on('data', this.#onData);
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#input += chunk.toString('latin1');
    // To its end, though an answer may end the connection.
    while (this.#takeOne());
  };

  #takeOne(): boolean {
    if (this.#body !== undefined) return this.#takeBody(this.#body);
    const taken = takeLine(this.#input);
    if (taken === undefined) return false;
    this.#input = taken.rest;
    const said = this.#say(eventOf(taken.line), taken.line);
    if (said.startsWith('354')) this.#body = new BodyTaker();
    return true;
  }

  #takeBody(body: BodyTaker): boolean {
    const taken = body.take(this.#input);
    this.#input = taken?.rest ?? '';
    if (taken === undefined) return false;
    this.#body = undefined;
    this.#say('DOT', taken.line);
    return true;
  }

  /** Tells the script of an event and answers; gives what was answered. */
  #say(event: Event, line: string): string {
    const answer = this.#settings.answer(this.#said(event, line));
    const usual = usualReply(event, this.#offersTls);
    const timed =
      typeof answer === 'object' ? answer : { say: answer ?? usual };
    const { say } = timed;
    this.#outbox.put(timed, this.#pieces, this.#followUp(event, timed));
    return say;
  }

  #said(event: Event, line: string): Said {
    const nth = (this.#counts.get(event) ?? 0) + 1;
    this.#counts.set(event, nth);
    return {
      event,
      line,
      connection: this.#number,
      nth,
      transaction: this.#counts.get('MAIL') ?? 0,
      secure: this.#secure,
      socket: this.#socket,
    };
  }

  #followUp(event: Event, { say, then }: Timed): (() => void) | undefined {
    if (then !== undefined) return () => this.#end(then);
    if (event === 'QUIT' && say.startsWith('2')) return () => this.#end('fin');
    if (this.#offersTls && event === 'STARTTLS' && say.startsWith('220')) {
      return () => this.#startTls();
    }
    return undefined;
  }

  #end(ending: Ending): void {
    this.#ending = true;
    if (ending === 'fin') {
      this.#socket.end();
      return;
    }
    // TLS holds back what is written while earlier writes are under way.
    this.#socket.write('', () => {
      if (ending === 'reset') this.#raw.resetAndDestroy();
      else this.#raw.end();
    });
  }

  get #pieces(): Pieces {
    const { pieces, cut } = this.#settings;
    return cut === 'all' || this.#counts.has('MAIL') ? pieces : 'whole';
  }

  get #secure(): boolean {
    return this.#socket !== this.#raw;
  }

  get #offersTls(): boolean {
    return this.#settings.security === 'starttls' && !this.#secure;
  }
}
