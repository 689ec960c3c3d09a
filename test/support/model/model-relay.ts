import type { Answer, Said } from '../scripted-server/conversation-events.js';
import { ScriptedServer } from '../scripted-server.js';
import { RelayBook, type MailBook } from './relay-book.js';
import {
  ends,
  leavesUnanswered,
  lineOf,
  type How,
  type RelayFault,
  type Where,
} from './relay-fault.js';

/** The transaction of one connection. */
interface Session {
  mail: MailBook | undefined;
  to: string[];
  mails: number;

  /** Whose dot it has answered last. */
  before: MailBook | undefined;

  loggedIn: boolean;

  /** Whether nothing more is said. */
  over: boolean;
}

const NO_MAIL = '503 5.5.1 no MAIL\r\n';

/** A relay on loopback that a test lets go wrong and recover, and that keeps book. */
export class ModelRelay {
  readonly #server: ScriptedServer;
  readonly #sessions = new Map<number, Session>();
  readonly book = new RelayBook();
  #faults: { readonly fault: RelayFault; left: number }[] = [];

  /** The key that it takes. */
  key: string;

  /** How many messages a connection may carry. */
  cap = Infinity;

  private constructor(server: ScriptedServer, key: string) {
    this.#server = server;
    this.key = key;
  }

  static async start(key: string): Promise<ModelRelay> {
    const server = await ScriptedServer.start((said) => relay.#answer(said));
    const relay = new ModelRelay(server, key);
    return relay;
  }

  get options(): ScriptedServer['options'] {
    return this.#server.options;
  }

  /** Counts all that has happened. */
  get activity(): number {
    return this.#server.connections + this.#server.said.length;
  }

  /** Goes wrong from now on. */
  add(fault: RelayFault): void {
    this.#faults.push({ fault, left: fault.times });
  }

  /** Is well from now on. */
  recover(): void {
    this.#faults = [];
    this.cap = Infinity;
  }

  async stop(): Promise<void> {
    await this.#server.stop();
  }

  #answer(said: Said): Answer {
    const session = this.#session(said.connection);
    if (session.over) return '';
    switch (said.event) {
      case 'GREETING':
        return this.#strike('GREETING', session);
      case 'AUTH':
        return this.#onAuth(said.line, session);
      case 'RSET':
        session.mail = undefined;
        return undefined;
      case 'MAIL':
        return this.#onMail(said.line, session);
      case 'RCPT':
        return this.#onRcpt(said.line, session);
      case 'DATA':
        return this.#onData(session);
      case 'DOT':
        return this.#onDot(session);
      default:
        return undefined;
    }
  }

  #session(connection: number): Session {
    let session = this.#sessions.get(connection);
    session ??= {
      mail: undefined,
      to: [],
      mails: 0,
      before: undefined,
      loggedIn: false,
      over: false,
    };
    this.#sessions.set(connection, session);
    return session;
  }

  #onAuth(line: string, session: Session): Answer {
    const struck = this.#strike('AUTH', session);
    if (struck !== undefined) return struck;
    const given = Buffer.from(line.split(' ')[2] ?? '', 'base64');
    session.loggedIn = given.toString('latin1').endsWith(`\0${this.key}`);
    return session.loggedIn
      ? undefined
      : '535 Authentication failed: Bad username\r\n';
  }

  #onMail(line: string, session: Session): Answer {
    if (!session.loggedIn) return '530 Authentication required\r\n';
    session.mails += 1;
    if (session.mails > this.cap) {
      session.over = true;
      return { say: lineOf('close'), then: 'fin' };
    }
    const mail = this.book.of(Number(/m(\d+)@/.exec(line)?.[1]));
    mail.offered += 1;
    session.to = [];
    const struck = this.#strike('MAIL', session, mail);
    session.mail = struck === undefined ? mail : undefined;
    return struck;
  }

  #onRcpt(line: string, session: Session): Answer {
    const { mail } = session;
    const recipient = /<(.*)>/.exec(line)?.[1] ?? '';
    if (mail === undefined) return NO_MAIL;
    const number = Number(/^r(\d)/.exec(recipient)?.[1]);
    const struck = this.#strike('RCPT', session, undefined, number);
    if (struck === undefined) session.to.push(recipient);
    else mail.refused.add(recipient);
    return struck;
  }

  #onData(session: Session): Answer {
    const { mail, to } = session;
    if (mail === undefined || to.length === 0) {
      if (mail !== undefined) mail.refusals += 1;
      return NO_MAIL;
    }
    return this.#strike('DATA', session, mail);
  }

  #onDot(session: Session): Answer {
    const { mail, to } = session;
    session.mail = undefined;
    if (mail === undefined) throw new Error('a body without a MAIL');
    session.before = mail;
    const taken = [...to];
    for (const recipient of taken) mail.dotted.add(recipient);
    return this.#strike('DOT', session, mail, undefined, (how) => {
      if (how !== undefined && leavesUnanswered(how)) mail.unanswered += 1;
      const takes = how === undefined || how === 'take and leave';
      if (takes) mail.taken.push(taken);
    });
  }

  /** Answers by a fault that is due, if one is; `mail` is what it refuses. */
  #strike(
    where: Where,
    session: Session,
    mail?: MailBook,
    recipient = 0,
    told: (how: How | undefined) => void = () => undefined,
  ): Answer {
    const bit = where === 'RCPT' ? 1 << recipient : -1;
    const due = this.#faults.find(
      ({ fault, left }) =>
        fault.where === where && left > 0 && (fault.mask & bit) !== 0,
    );
    told(due?.fault.how);
    if (due === undefined) return undefined;
    due.left -= 1;
    const { how } = due.fault;
    session.over = ends(how);
    // What was said last may be lost with the connection.
    if (how === 'break off' && session.before) session.before.unanswered += 1;
    if (mail !== undefined && lineOf(how) !== '') {
      mail.refusedWhole = true;
      if (how.startsWith('refuse')) mail.refusals += 1;
    }
    return answerTo(how);
  }
}

function answerTo(how: How): Answer {
  const say = lineOf(how);
  switch (how) {
    case 'close':
    case 'leave':
    case 'take and leave':
      return { say, then: 'fin' };
    case 'break off':
      return { say, then: 'reset' };
    default:
      return say;
  }
}
