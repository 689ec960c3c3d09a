import { outcomesOf, type Attempt } from './attempt.js';
import {
  isHarmless,
  type Fault,
  type FaultKind,
  type Stage,
} from './faults.js';
import type { ReplyWire } from './reply-wire.js';
import { refusalCode, sayFault } from './say-fault.js';
import type { SoakBook } from './soak-book.js';
import { idOf, type SoakMail } from './soak-mail.js';

/** What begins a transaction. */
export interface MailCommand {
  readonly line: string;
  readonly connection: number;

  /** The attempt before it on the same connection. */
  readonly before: Attempt | undefined;
}

const REFUSING = new Set<FaultKind>(['temporary', 'permanent', 'lenient']);

/** Faults after which no body must come, although one may be asked for. */
const FORBIDDING = new Set<FaultKind>(['odd', 'lenient', 'omitted']);

/** One attempt to deliver a message, and the fault that is planned for it. */
export class FaultyTransaction {
  readonly #wire: ReplyWire;
  readonly #book: SoakBook;
  readonly attempt: Attempt;
  readonly #mail: SoakMail;
  #before: Attempt | undefined;
  #fault: Fault | undefined;
  #asked = 0;
  #bodyBytes = 0;

  /** Whether MAIL was accepted and nothing has ended it since. */
  isOpen = false;

  constructor(wire: ReplyWire, book: SoakBook, command: MailCommand) {
    this.#wire = wire;
    this.#book = book;
    const mail = book.mails.get(idOf(command.line));
    if (mail === undefined) throw new Error(`no such mail: ${command.line}`);
    const { attempt, fault } = book.begin(mail.id, command.connection);
    this.#mail = mail;
    this.attempt = attempt;
    this.#fault = fault;
    this.#before = command.before;
    this.isOpen = this.#answer('mail', '250 sender ok', 'MAIL FROM');
  }

  close(): void {
    this.isOpen = false;
  }

  onRcpt(line: string): void {
    const { attempt, isOpen } = this;
    this.#asked += 1;
    if (!isOpen) return this.#wire.say('503 need MAIL');
    const recipient = /<(.*)>/.exec(line)?.[1] ?? '';
    attempt.asked.push(recipient);
    const fault = this.#fault;
    if (this.#answer('rcpt', '250 recipient ok', 'RCPT TO')) {
      // Not everybody is refused by name after all.
      if (attempt.refusal?.command === 'RCPT TO') {
        attempt.outcomes = ['moved'];
        attempt.refusal = undefined;
      }
      attempt.recipients.push(recipient);
    } else if (fault !== undefined && REFUSING.has(fault.kind)) {
      attempt.refused.set(recipient, refusalCode(fault));
    }
  }

  /** Tells whether a body is to follow. */
  onData(): boolean {
    if (!this.isOpen) this.#wire.say('503 need MAIL');
    else if (this.attempt.recipients.length === 0) return this.#onNoRecipient();
    else if (this.#answer('data', '354 go on', 'DATA')) {
      this.attempt.goAhead = !this.attempt.forbidden;
      return !this.#wire.over;
    }
    return false;
  }

  /** Some of a body has come, but not its end. */
  someBody(bytes: number): void {
    this.#bodyBytes += bytes;
    this.#confirmBefore();
    const { length } = this.#mail.text;
    if (this.#bodyBytes >= (this.#fault?.dice ?? 1) * length) {
      this.#strikeBody(this.#mail.leavesAtOnce);
    }
  }

  /** A body has come with its dot. */
  wholeBody(body: Buffer): void {
    const { attempt } = this;
    this.#confirmBefore();
    if (attempt.forbidden) return this.#onForbidden(body);
    attempt.dot = true;
    if (!body.equals(this.#mail.text)) this.#find('other text than was given');
    this.#strikeBody(true);
    if (this.#wire.over) return;
    this.isOpen = false;
    const fault = this.#fault;
    attempt.outcomes = ['accepted'];
    attempt.taken = true;
    if (this.#answer('dot', '250 Ok: queued as id', 'DATA')) return;
    // Whoever is given an odd reply leaves: what rode behind is not looked at.
    if (fault?.kind === 'odd') this.#wire.fallSilent();
    // Whether the message was taken when its reply is lost is anyone's guess.
    const guess = fault !== undefined && attempt.outcomes[0] === 'unknown';
    attempt.taken = guess && fault.dice < 0.5;
  }

  #onNoRecipient(): boolean {
    // A server that then asks for a body has to get a lone dot.
    const lenient = this.attempt.forbidden;
    this.#wire.say(lenient ? '354 go on' : '503 no recipient');
    return lenient;
  }

  #onForbidden(body: Buffer): void {
    const recipients = this.attempt.recipients.length;
    if (body.length > 0) this.#find('a body that was not asked for');
    else if (recipients > 0) this.#find('an empty mail to its recipients');
    this.isOpen = false;
    this.#wire.say(this.#mail.id % 2 === 0 ? '554 nothing' : '250 ok');
  }

  #strikeBody(left: boolean): void {
    const fault = this.#fault;
    if (fault?.stage !== 'body') return;
    this.#strike(fault, 'DATA', left);
    sayFault(this.#wire, fault, '');
    if (!this.#wire.over) this.#wire.end();
  }

  /** Answers a step, by a fault if one is due. Tells whether it was a success. */
  #answer(stage: Stage, usual: string, command: string): boolean {
    const { giveUp } = this.#mail;
    if (giveUp?.how === 'signal' && giveUp.at === stage) {
      giveUp.controller.abort();
    }
    const fault = this.#fault?.stage === stage ? this.#fault : undefined;
    if (fault === undefined || this.#spares(fault)) {
      this.attempt.history.push(usual);
      this.#wire.say(usual);
      return true;
    }
    if (isHarmless(fault)) {
      this.#count(fault);
      sayFault(this.#wire, fault, usual);
      return true;
    }
    this.#strike(fault, command, stage === 'dot');
    sayFault(this.#wire, fault, usual);
    return this.#goesOnAfter(fault);
  }

  /** Whether a fault leaves this recipient alone: about half hit a single one. */
  #spares({ stage, kind, dice }: Fault): boolean {
    if (stage !== 'rcpt' || !REFUSING.has(kind)) return false;
    const all = kind === 'lenient' || dice < 0.5;
    const { length } = this.#mail.recipients;
    return !all && this.#asked !== 1 + Math.floor((dice * 2 - 1) * length);
  }

  #strike(fault: Fault, command: string, left: boolean): void {
    const { attempt } = this;
    this.#count(fault);
    if (fault.kind === 'reset') this.#before?.doubt();
    if (FORBIDDING.has(fault.kind)) attempt.forbidden = true;
    const partly = fault.stage === 'rcpt' && REFUSING.has(fault.kind);
    if (partly && attempt.recipients.length > 0) return;
    attempt.outcomes = outcomesOf(fault, left);
    if (attempt.outcomes.includes('rejected')) {
      attempt.refusal = { code: refusalCode(fault), command };
    }
  }

  #goesOnAfter({ stage, kind }: Fault): boolean {
    if (kind === 'omitted') return true;
    if (kind === 'odd') return stage !== 'dot' && stage !== 'data';
    return kind === 'lenient' && stage === 'mail';
  }

  #count({ stage, kind }: Fault): void {
    const what = `${stage} ${kind}`;
    this.attempt.history.push(what);
    this.#book.strike(what);
    // Refusals of recipients may strike more than one of them.
    if (!(stage === 'rcpt' && REFUSING.has(kind))) this.#fault = undefined;
  }

  /** Whose body has come has read everything before it. */
  #confirmBefore(): void {
    this.#before = undefined;
  }

  #find(what: string): void {
    this.#book.findings.push(`message ${this.#mail.id}: ${what}`);
  }
}
