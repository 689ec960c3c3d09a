import { createServer, type AddressInfo, type Server } from 'node:net';
import { createSecureContext } from 'node:tls';
import { localCertificate } from '../../lib/testing/fake-sendgrid/certificate.js';
import type {
  Event,
  Said,
  Script,
  Timed,
} from './scripted-server/conversation-events.js';
import { Conversation, type Security } from './scripted-server/conversation.js';
import type { Pieces } from './scripted-server/outbox.js';
import { ehloWithout } from './scripted-server/usual-replies.js';
import { seededRandom } from './seeded-random.js';

export type {
  Event,
  Said,
  Script,
} from './scripted-server/conversation-events.js';

/** What a client needs to know of a {@link ScriptedServer}. */
export interface ScriptedServerOptions {
  readonly apiKey: string;
  readonly host: string;
  readonly port: number;
  readonly security: Security;
  readonly tls?: { readonly ca: string };
}

/** How a {@link ScriptedServer} talks, whatever it says. */
export interface Manner {
  readonly security?: Security;
  readonly pieces?: Pieces;
  /** What is cut into pieces: all replies, or those from the first MAIL on. */
  readonly cut?: 'all' | 'mail';
  /** For pieces cut at random. */
  readonly seed?: number;
}

/** A bare SMTP server on loopback that answers whatever a test wants it to. */
export class ScriptedServer {
  readonly #server: Server;
  readonly #security: Security;
  readonly #ca: string | undefined;
  readonly #conversations: Conversation[] = [];

  /** Everything the clients said, in order. */
  readonly said: Said[] = [];

  /** Bodies whose dot was answered with 2yz. */
  readonly accepted: string[] = [];

  private constructor(
    server: Server,
    security: Security,
    ca: string | undefined,
  ) {
    this.#server = server;
    this.#security = security;
    this.#ca = ca;
  }

  static async start(
    script: Script = () => undefined,
    { security = 'none', pieces = 'whole', cut = 'all', seed = 1 }: Manner = {},
  ): Promise<ScriptedServer> {
    const certificate =
      security === 'none' ? undefined : await localCertificate();
    const listener = createServer();
    const server = new ScriptedServer(listener, security, certificate?.cert);
    const settings = {
      security,
      pieces,
      cut,
      context: certificate && createSecureContext(certificate),
      random: seededRandom(seed),
      answer: (said: Said) => server.#hear(said, script),
    };
    listener.on('connection', (socket) => {
      const number = server.#conversations.length + 1;
      // Counted before it speaks: its greeting may ask how many there are.
      const conversation = new Conversation(socket, number, settings);
      server.#conversations.push(conversation);
      conversation.open();
    });
    await new Promise<void>((resolve) => {
      listener.listen(0, '127.0.0.1', resolve);
    });
    return server;
  }

  /** The usual EHLO reply without some of its keywords. */
  static ehloWithout(...keywords: string[]): string {
    return ehloWithout(...keywords);
  }

  get port(): number {
    // A TCP server that listens has an address of this form.
    return (this.#server.address() as AddressInfo).port;
  }

  get options(): ScriptedServerOptions {
    const apiKey = `SG.${'a'.repeat(22)}.${'b'.repeat(43)}`;
    const tls = this.#ca === undefined ? {} : { tls: { ca: this.#ca } };
    const { port } = this;
    const security = this.#security;
    return { apiKey, host: '127.0.0.1', port, security, ...tls };
  }

  get connections(): number {
    return this.#conversations.length;
  }

  /** How often an event came, over all connections. */
  count(event: Event): number {
    return this.said.filter((said) => said.event === event).length;
  }

  /** What the client of a connection began to say and did not end. */
  unfinished(connection: number): string {
    return this.#conversations[connection - 1]?.unfinished ?? '';
  }

  /** Says something that nobody asked for. */
  interject(connection: number, unasked: Timed): void {
    this.#conversations[connection - 1]?.interject(unasked);
  }

  async stop(): Promise<void> {
    for (const conversation of this.#conversations) conversation.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #hear(said: Said, script: Script): ReturnType<Script> {
    this.said.push(said);
    const answer = script(said);
    const say = typeof answer === 'object' ? answer.say : (answer ?? '2');
    if (said.event === 'DOT' && /^2(?:$|\d\d[ -])/.test(say)) {
      this.accepted.push(said.line);
    }
    return answer;
  }
}
