import type { Socket } from 'node:net';
import { TLSSocket, type SecureContext } from 'node:tls';
import { BodyReader } from '../../../lib/testing/fake-sendgrid/body-reader.js';
import { FaultyTransaction } from './faulty-transaction.js';
import { goesOn, type Cap, type Fault, type Stage } from './faults.js';
import { ReplyWire } from './reply-wire.js';
import { sayFault } from './say-fault.js';
import type { SoakBook } from './soak-book.js';

const EHLO =
  '250-soak.test\r\n250-8BITMIME\r\n250-PIPELINING\r\n250-SIZE 31457280\r\n250 AUTH PLAIN LOGIN';
const EHLO_STARTTLS = EHLO.replace('250 AUTH', '250-STARTTLS\r\n250 AUTH');

/** One conversation of a server that goes wrong by plan. */
export class FaultySession {
  readonly #socket: Socket;
  readonly #wire: ReplyWire;
  readonly #book: SoakBook;
  readonly #number: number;
  readonly #cap: Cap | undefined;
  #fault: Fault | undefined;
  #input: Buffer = Buffer.alloc(0);
  #reader: BodyReader | undefined;
  #upgrade: SecureContext | undefined;
  #mails = 0;
  #transaction: FaultyTransaction | undefined;

  /** @param upgrade what STARTTLS is offered with, if it is */
  constructor(
    socket: Socket,
    number: number,
    book: SoakBook,
    upgrade: SecureContext | undefined,
  ) {
    this.#socket = socket;
    this.#upgrade = upgrade;
    this.#wire = new ReplyWire(socket);
    this.#book = book;
    this.#number = number;
    this.#fault = book.plan.ofConnection(number);
    this.#cap = book.plan.capOf(number);
    socket.on('data', this.#onData);
    this.#answer('greeting', '220 ready');
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#input =
      this.#input.length === 0 ? chunk : Buffer.concat([this.#input, chunk]);
    let more = true;
    while (more && !this.#wire.over) {
      more = this.#reader ? this.#takeBody(this.#reader) : this.#takeLine();
    }
  };

  #takeLine(): boolean {
    const end = this.#input.indexOf('\r\n');
    if (end === -1) return false;
    const line = this.#input.toString('latin1', 0, end);
    this.#input = this.#input.subarray(end + 2);
    this.#command(line);
    return true;
  }

  #takeBody(reader: BodyReader): boolean {
    const { length } = this.#input;
    if (length === 0) return false;
    const rest = reader.read(this.#input);
    this.#input = rest ?? Buffer.alloc(0);
    if (rest === undefined) {
      this.#transaction?.someBody(length);
      return false;
    }
    this.#reader = undefined;
    const { body } = reader;
    if (body !== 'oversized') this.#transaction?.wholeBody(body);
    const { messages = Infinity, how } = this.#cap ?? {};
    if (how === 'after-dot' && this.#mails >= messages) this.#endAtCap();
    return true;
  }

  #command(line: string): void {
    const verb = line.split(' ', 1)[0];
    switch (verb) {
      case 'EHLO':
        this.#answer('ehlo', this.#upgrade ? EHLO_STARTTLS : EHLO);
        return;
      case 'STARTTLS':
        return this.#onStartTls();
      case 'AUTH':
        this.#answer('auth', '235 ok');
        return;
      case 'RSET':
        this.#transaction?.close();
        this.#answer('rset', '250 reset');
        return;
      case 'MAIL':
        return this.#onMail(line);
      case 'RCPT':
        return this.#transaction?.onRcpt(line);
      case 'DATA':
        if (this.#transaction?.onData() === true) {
          this.#reader = new BodyReader(Infinity);
        }
        return;
      case 'QUIT':
        this.#wire.say('221 bye');
        return this.#wire.end();
      default:
        this.#book.findings.push(`unexpected command: ${line}`);
        this.#wire.end();
    }
  }

  #onStartTls(): void {
    const context = this.#upgrade;
    if (context === undefined) return this.#wire.say('502 no');
    const socket = this.#socket;
    // A refusal leaves the connection as it is.
    if (!this.#answer('starttls', '220 go on')) return;
    this.#upgrade = undefined;
    socket.off('data', this.#onData);
    const tls = new TLSSocket(socket, {
      isServer: true,
      secureContext: context,
    });
    tls.on('error', () => undefined);
    tls.on('data', this.#onData);
    this.#wire.use(tls);
  }

  #onMail(line: string): void {
    this.#mails += 1;
    const { messages = Infinity, how } = this.#cap ?? {};
    if (this.#mails > messages) {
      if (how === 'closing') this.#wire.say('421 4.7.0 enough');
      return this.#endAtCap();
    }
    if (this.#transaction?.isOpen === true) {
      this.#book.findings.push(`MAIL inside of a transaction: ${line}`);
    }
    const before = this.#transaction?.attempt;
    this.#transaction = new FaultyTransaction(this.#wire, this.#book, {
      line,
      connection: this.#number,
      before,
    });
  }

  #endAtCap(): void {
    if (this.#wire.over) return;
    this.#book.strike(`cap ${this.#cap?.how}`);
    this.#wire.end();
  }

  /** Answers a command that belongs to no message; tells whether all goes on. */
  #answer(stage: Stage, usual: string): boolean {
    const fault = this.#fault?.stage === stage ? this.#fault : undefined;
    if (fault === undefined) {
      this.#wire.say(usual);
      return true;
    }
    this.#fault = undefined;
    this.#book.strike(`${stage} ${fault.kind}`);
    if (fault.kind === 'reset') this.#transaction?.attempt.doubt();
    sayFault(this.#wire, fault, usual);
    if (!goesOn(fault)) this.#wire.fallSilent();
    return goesOn(fault);
  }
}
