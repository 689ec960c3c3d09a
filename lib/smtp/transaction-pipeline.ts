import type { MailError } from '../errors/mail-error.js';
import { sendBody } from './body-phase.js';
import type { Channel, ReplyReceiver } from './channel.js';
import type { ConnectionError } from './connection-error.js';
import { envelopeVerdict, type EnvelopeVerdict } from './envelope-verdict.js';
import { Exchange } from './exchange.js';
import { givenUp, lost, rejected, sessionError, unsent } from './outcomes.js';
import type {
  AbortResult,
  PipelineHost,
  PipelineSettings,
} from './pipeline-host.js';
import { isNegative, isPositive, type Reply } from './reply.js';
import type { Transaction, TransactionOutcome } from './transaction.js';

/** Most commands written before their replies are awaited. */
const WINDOW = 102;

/** How long the reply to a first envelope behind a body may take, in milliseconds. */
const PROBE_MS = 5000;

/** Replies that say the relay will not take commands behind a body. */
const REFUSES_PIPELINING = new Set([500, 502, 503]);

/**
 * The transactions on one connection: the one whose turn it is and, in
 * one-flight mode, the one whose envelope rides behind its body.
 */
export class TransactionPipeline implements ReplyReceiver {
  readonly #channel: Channel;
  readonly #settings: PipelineSettings;
  readonly #host: PipelineHost;
  #current: Exchange | undefined;
  #rider: Exchange | undefined;
  #needsReset = false;
  #cancelBody: (() => void) | undefined;

  constructor(
    channel: Channel,
    settings: PipelineSettings,
    host: PipelineHost,
  ) {
    this.#channel = channel;
    this.#settings = settings;
    this.#host = host;
  }

  get busy(): boolean {
    return this.#current !== undefined;
  }

  /** Whether a body has left whole and nothing rides behind it yet. */
  get hasRoomBehind(): boolean {
    return this.#current?.stage === 'dot' && this.#rider === undefined;
  }

  /** Bytes of the body under way; Infinity for a stream. */
  get bodyBytes(): number {
    const body = this.#current?.transaction.body;
    if (body === undefined) return 0;
    return body.kind === 'bytes' ? body.size : Infinity;
  }

  /** Whether an envelope of this many recipients fits into one group. */
  fitsGroup(recipients: number): boolean {
    return recipients + 2 <= WINDOW;
  }

  begin(transaction: Transaction): void {
    const reset = this.#needsReset;
    this.#needsReset = false;
    this.#current = this.#exchange(transaction, { reset, riding: false });
    this.#writeEnvelope(this.#current);
  }

  ride(transaction: Transaction): void {
    if (this.#settings.policy.ride === 'probe') this.#settings.policy.probing();
    this.#rider = this.#exchange(transaction, { reset: false, riding: true });
    this.#writeEnvelope(this.#rider);
  }

  /** Gives up a transaction; a dot that is out cannot be called back. */
  abort(transaction: Transaction): AbortResult {
    const exchange = [this.#current, this.#rider].find(
      (candidate) => candidate?.transaction === transaction,
    );
    if (exchange === undefined) return 'not-sent';
    if (exchange.stage === 'dot') return 'unknown';
    exchange.abandoned = true;
    // The server waits for the body: only closing tells it that none comes.
    if (exchange.stage === 'ready' || exchange.stage === 'body') {
      this.#channel.fail(givenUp('The message was given up'));
    }
    return 'not-sent';
  }

  patienceMs(): number {
    const { commandMs, acceptMs, policy } = this.#settings;
    const current = this.#current;
    if (current?.stage === 'dot') return acceptMs;
    if (current?.riding && policy.isProbing)
      return Math.min(PROBE_MS, commandMs);
    return commandMs;
  }

  receive(reply: Reply): void {
    const current = this.#current;
    if (current === undefined) return;
    if (current.stage === 'dot') this.#onDot(current, reply);
    else if (reply.code === 421) this.#onClosing(reply);
    else if (current.stage === 'lone-dot') this.#onLoneDot(current, reply);
    else this.#onEnvelope(current, reply);
  }

  /** A reply came that no command asked for. */
  early(reply: Reply): void {
    const current = this.#current;
    if (current !== undefined && isNegative(reply) && reply.code !== 421) {
      this.#current = undefined;
      this.#cancelBody?.();
      current.transaction.ended(rejected(current, reply, 'DATA'));
    }
    this.#onClosing(reply);
  }

  /** The channel is gone: everything on it ends here. */
  fail(error: ConnectionError): void {
    this.#cancelBody?.();
    const [current, rider] = [this.#current, this.#rider];
    this.#current = undefined;
    this.#rider = undefined;
    const { policy } = this.#settings;
    if (current?.riding && current.stage === 'envelope') {
      policy.unanswered(error.silent);
    } else if (rider !== undefined) policy.inconclusive();
    // The later one first: each goes back to the head of its lane.
    rider?.transaction.ended(lost(rider, error));
    current?.transaction.ended(lost(current, error));
  }

  #exchange(
    transaction: Transaction,
    options: { reset: boolean; riding: boolean },
  ): Exchange {
    const { capabilities } = this.#settings;
    const exchange = new Exchange(transaction, capabilities, options);
    transaction.began();
    exchange.permission = transaction.beforeBody?.();
    // Its failure is looked at once the server is ready for the body.
    exchange.permission?.catch(() => undefined);
    return exchange;
  }

  #writeEnvelope(exchange: Exchange): void {
    const { capabilities, policy } = this.#settings;
    const grouped = capabilities.pipelining && policy.mode !== 'lockstep';
    const { text, count } = exchange.take(grouped ? WINDOW : 1);
    this.#channel.write(text);
    this.#channel.expect(this, count);
  }

  #onEnvelope(exchange: Exchange, reply: Reply): void {
    if (exchange.file(reply) === 'RSET' && !isPositive(reply)) {
      this.#channel.fail(sessionError('The relay refused RSET', reply));
      return;
    }
    if (!exchange.answered) return;
    const giveUp = exchange.abandoned || exchange.refusedEarly;
    if (exchange.unwritten && !giveUp) this.#writeEnvelope(exchange);
    else this.#decide(exchange);
  }

  #decide(exchange: Exchange): void {
    const { mail, recipients, data } = exchange;
    const refusal = this.#refusesRiding(exchange);
    if (refusal !== undefined) this.#turnBack(exchange, refusal);
    else if (mail === undefined || exchange.abandoned) {
      this.#turnBack(exchange, givenUp('The message was given up'));
    } else this.#follow(exchange, envelopeVerdict({ mail, recipients, data }));
  }

  #refusesRiding({ riding, mail }: Exchange): ConnectionError | undefined {
    const { policy } = this.#settings;
    if (!riding || mail === undefined) return undefined;
    if (!REFUSES_PIPELINING.has(mail.code)) {
      policy.answered();
      return undefined;
    }
    const what = 'The relay refused an envelope behind a body';
    policy.refused(what);
    return sessionError(what, mail);
  }

  /** Ends an exchange whose body will not be sent, though it could be. */
  #turnBack(exchange: Exchange, error: ConnectionError): void {
    this.#needsReset = true;
    if (exchange.data?.code === 354) this.#channel.fail(error);
    else this.#end(exchange, unsent(exchange, error));
  }

  #follow(exchange: Exchange, verdict: EnvelopeVerdict): void {
    switch (verdict.next) {
      case 'body':
        this.#sendBody(exchange);
        break;
      case 'reset':
        this.#needsReset = true;
        this.#end(exchange, rejected(exchange, verdict.reply, verdict.command));
        break;
      case 'lone-dot':
        exchange.stage = 'lone-dot';
        exchange.refusal = verdict;
        this.#channel.write('.\r\n');
        this.#channel.expect(this);
        break;
      case 'destroy':
        // Written now, another envelope would be the text of this mail.
        this.#end(
          exchange,
          rejected(exchange, verdict.reply, verdict.command),
          true,
        );
        this.#channel.fail(sessionError('The relay broke off', verdict.reply));
        break;
      case 'protocol-error':
        this.#channel.fail(
          sessionError('The relay gave an unexpected reply', verdict.reply),
        );
    }
  }

  #sendBody(exchange: Exchange): void {
    const { capabilities, commandMs } = this.#settings;
    this.#cancelBody = sendBody(
      this.#channel,
      exchange,
      { stallMs: commandMs, eightBit: capabilities.eightBitMime },
      {
        last: (rest) => this.#writeLast(exchange, rest),
        failed: (error) => this.#failContent(exchange, error),
      },
    );
  }

  #writeLast(exchange: Exchange, rest: Buffer): void {
    this.#cancelBody = undefined;
    this.#channel.cork();
    this.#channel.write(rest);
    exchange.stage = 'dot';
    this.#channel.expect(this);
    this.#host.tail();
    this.#channel.uncork();
  }

  #failContent(exchange: Exchange, error: MailError): void {
    this.#current = undefined;
    exchange.transaction.ended({ kind: 'failed', error });
    // There is no way out of DATA but the dot, which must not be written.
    this.#channel.fail(givenUp('A message had no readable content'));
  }

  #onDot(exchange: Exchange, reply: Reply): void {
    if (isPositive(reply)) {
      if (this.#rider === undefined) this.#settings.policy.clean();
      const { recipients } = exchange;
      this.#end(exchange, { kind: 'accepted', reply, recipients });
      return;
    }
    if (!isNegative(reply)) {
      this.#onClosing(reply);
      return;
    }
    const closing = reply.code === 421;
    this.#end(exchange, rejected(exchange, reply, 'DATA'), closing);
    if (closing) this.#onClosing(reply);
  }

  #onLoneDot(exchange: Exchange, reply: Reply): void {
    // A relay that takes an empty body cannot be trusted with another.
    const close = exchange.refusal?.thenClose === true || !isNegative(reply);
    this.#end(exchange, lost(exchange, sessionError('Refused')), close);
    if (close) {
      this.#channel.fail(sessionError('The relay took an empty body', reply));
    }
  }

  #onClosing(reply: Reply): void {
    const what = isNegative(reply)
      ? 'The relay is closing the connection'
      : 'The relay sent a reply that nothing asked for';
    this.#channel.fail(sessionError(what, reply));
  }

  #end(exchange: Exchange, outcome: TransactionOutcome, closing = false): void {
    this.#current = this.#rider;
    this.#rider = undefined;
    exchange.transaction.ended(outcome);
    if (!closing) this.#host.settled();
  }
}
