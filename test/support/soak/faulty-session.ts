import type { Socket } from 'node:net';
import { BodyReader } from '../../../lib/testing/fake-sendgrid/body-reader.js';
import { FaultyTransaction } from './faulty-transaction.js';
import { isHarmless, type Cap, type Fault, type Stage } from './faults.js';
import { ReplyWire } from './reply-wire.js';
import { sayFault } from './say-fault.js';
import type { SoakBook } from './soak-book.js';

const EHLO =
  '250-soak.test\r\n250-8BITMIME\r\n250-PIPELINING\r\n250-SIZE 31457280\r\n250 AUTH PLAIN LOGIN';

/** One conversation of a server that goes wrong by plan. */
export class FaultySession {
  readonly #wire: ReplyWire;
  readonly #book: SoakBook;
  readonly #number: number;
  readonly #cap: Cap | undefined;
  #fault: Fault | undefined;
  #input: Buffer = Buffer.alloc(0);
  #reader: BodyReader | undefined;
  #mails = 0;
  #transaction: FaultyTransaction | undefined;

  constructor(socket: Socket, number: number, book: SoakBook) {
    this.#wire = new ReplyWire(socket);
    this.#book = book;
    this.#number = number;
    this.#fault = book.plan.ofConnection(number);
    this.#cap = book.plan.capOf(number);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    this.#answer('greeting', '220 ready');
  }

  #receive(chunk: Buffer): void {
    this.#input =
      this.#input.length === 0 ? chunk : Buffer.concat([this.#input, chunk]);
    let more = true;
    while (more && !this.#wire.over) {
      more = this.#reader ? this.#takeBody(this.#reader) : this.#takeLine();
    }
  }

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
        return this.#answer('ehlo', EHLO);
      case 'AUTH':
        return this.#answer('auth', '235 ok');
      case 'RSET':
        this.#transaction?.close();
        return this.#answer('rset', '250 reset');
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

  /** Answers a command that belongs to no message. */
  #answer(stage: Stage, usual: string): void {
    const fault = this.#fault?.stage === stage ? this.#fault : undefined;
    if (fault === undefined) return this.#wire.say(usual);
    this.#fault = undefined;
    this.#book.strike(`${stage} ${fault.kind}`);
    if (fault.kind === 'reset') this.#transaction?.attempt.doubt();
    sayFault(this.#wire, fault, usual);
    if (!isHarmless(fault)) this.#wire.fallSilent();
  }
}
