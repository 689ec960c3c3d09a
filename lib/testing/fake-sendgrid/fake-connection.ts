import type { Socket } from 'node:net';
import type { SMTPServer, SMTPServerAuthentication } from 'smtp-server';
import type { Body } from './body-reader.js';
import { ehloLines } from './ehlo-lines.js';
import { FaultGate } from './fault-gate.js';
import type { FaultStage } from './faults.js';
import type { ConnectionRecord } from './ledger.js';
import type { ReceivedMessage } from './received-message.js';
import { RelayConnection } from './relay-connection.js';
import type { RelayState } from './relay-state.js';
import { SENDGRID_REPLIES as REPLIES } from './replies.js';
import { Transaction } from './transaction.js';
import { WireParser } from './wire-parser.js';

const MAIL_STAGES = new Set<FaultStage>([
  'mail',
  'rcpt',
  'data',
  'body',
  'message',
]);

type Resume = () => void;

/** One conversation, as SendGrid holds it: its rules, texts and caps. */
export class FakeConnection extends RelayConnection {
  readonly #transaction: Transaction;
  readonly #gate: FaultGate;
  #mute = false;

  constructor(
    server: SMTPServer,
    socket: Socket,
    state: RelayState,
    record: ConnectionRecord,
  ) {
    super(server, socket, state, record);
    this.#transaction = new Transaction(state.options);
    this.#gate = new FaultGate(state.faults, {
      refuse: (at, reply, resume) => this.#refuse(at, reply, resume),
      close: () => this.close(),
      drop: () => this.drop(),
      mute: (proceed) => {
        this.#mute = true;
        proceed();
      },
    });
  }

  /** Turns the connection away, or goes on to the greeting with `admit`. */
  admit(admit: () => void): void {
    if (this.record.refused) return this.hangUp(REPLIES.tooManyConnections);
    this.#pass('greeting', () => {
      this.state.ledger.count('greeted');
      admit();
    });
  }

  /** Goes on with `accept`, or answers and closes. */
  authenticate(auth: SMTPServerAuthentication, accept: () => void): void {
    const { ledger } = this.state;
    this.#pass('auth', () => {
      const known = this.state.apiKeys.includes(auth.password ?? '');
      if (auth.username !== 'apikey' || !known) {
        return this.#refuse('auth', REPLIES.badKey, () => this.close());
      }
      ledger.count('authenticated');
      accept();
    });
  }

  override _createParser(): WireParser {
    const parser = new WireParser({
      onCommand: (line, resume) => this._onCommand(line, resume),
      onBodyStart: (resume) => this.#pass('body', resume),
      onBody: (body, resume) => this.#onBody(body, resume),
      onPipelined: () => this.state.ledger.count('pipelined'),
    });
    parser.on('error', () => this.hangUp(REPLIES.lineTooLong));
    return parser;
  }

  override _resetSession(): void {
    super._resetSession();
    this.#transaction.reset();
  }

  override handler_EHLO(command: Buffer, callback: Resume): void {
    const [, name, ...more] = command.toString().trim().split(/\s+/);
    if (name === undefined || more.length > 0) {
      return this.say(REPLIES.heloSyntax, callback);
    }
    const greet = (): void => {
      this.hostNameAppearsAs = name.toLowerCase();
      this._resetSession();
      this.send(250, ehloLines(this.state.options));
      callback();
    };
    this.#pass('ehlo', greet, callback);
  }

  override handler_STARTTLS(command: Buffer, callback: Resume): void {
    const upgrade = (): void => super.handler_STARTTLS(command, callback);
    this.#pass('starttls', upgrade, callback);
  }

  override handler_MAIL(command: Buffer, callback: Resume): void {
    if (!this.session.user) {
      return this.#refuse('mail', REPLIES.unauthenticated, callback);
    }
    this.state.ledger.mail(this.record);
    const { messagesPerConnection, atCap } = this.state.options;
    if (this.record.mails > messagesPerConnection) {
      return atCap === 'close-at-mail'
        ? this.close()
        : this.#refuse('mail', REPLIES.sessionCap, () => this.close());
    }
    const { refusal, address } = this.#transaction.judgeMail(command);
    if (refusal !== undefined) return this.#refuse('mail', refusal, callback);
    const accept = (): void => {
      this.#transaction.begin(address);
      this.say(REPLIES.senderAccepted, callback);
    };
    this.#pass('mail', accept, callback, { sender: address });
  }

  override handler_RCPT(command: Buffer, callback: Resume): void {
    const { refusal, address } = this.#transaction.judgeRcpt(command);
    if (refusal !== undefined) return this.#refuse('rcpt', refusal, callback);
    const accept = (): void => {
      this.#transaction.addRecipient(address);
      this.say(REPLIES.recipientAccepted, callback);
    };
    this.#pass('rcpt', accept, callback, { recipient: address });
  }

  override handler_DATA(_command: Buffer, callback: Resume): void {
    const refusal = this.#transaction.judgeData();
    if (refusal !== undefined) return this.#refuse('data', refusal, callback);
    const begin = (): void => {
      const { _parser: parser } = this;
      if (!(parser instanceof WireParser)) return;
      parser.beginBody(this.state.options.size);
      this.say(REPLIES.continue, callback);
    };
    this.#pass('data', begin, callback);
  }

  #onBody(body: Body, resume: Resume): void {
    const next = (): void => {
      this.#transaction.reset();
      this.#endOfMessage(resume);
    };
    if (body === 'oversized') {
      return this.#refuse('message', REPLIES.tooLarge, next);
    }
    const judge = (): void => {
      const refusal = this.#transaction.judgeMessage(body);
      if (refusal !== undefined) return this.#refuse('message', refusal, next);
      this.#transaction.finish(body, this.record.number, (message) =>
        this.#accept(message, next),
      );
    };
    this.#pass('message', judge, next);
  }

  #accept(message: ReceivedMessage, next: Resume): void {
    this.state.mailbox.add(message);
    if (message.dropped !== undefined) this.state.ledger.count('dropped');
    this.state.ledger.accepted(this.record);
    if (this.#mute) return this.drop();
    this.say(`${REPLIES.queued}${message.id}`, next);
  }

  #endOfMessage(resume: Resume): void {
    const { messagesPerConnection, atCap } = this.state.options;
    const isLast = this.record.mails >= messagesPerConnection;
    if (atCap === 'close-after-dot' && isLast) this.close();
    else resume();
  }

  #refuse(at: FaultStage, reply: string, resume: Resume): void {
    if (at === 'auth') this.state.ledger.count('authRefused');
    else if (MAIL_STAGES.has(at)) this.state.ledger.count('rejected');
    this.say(reply, resume);
  }

  #pass(
    at: FaultStage,
    proceed: () => void,
    resume: Resume = proceed,
    address: { sender?: string; recipient?: string } = {},
  ): void {
    const { sender, recipients } = this.#transaction;
    this.#gate.pass(
      () => ({
        at,
        connection: this.record.number,
        message: this.record.mails,
        recipients,
        ...(sender === undefined ? {} : { sender }),
        ...address,
      }),
      proceed,
      resume,
    );
  }
}
