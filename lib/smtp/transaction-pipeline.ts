import type { MailError } from '../errors/mail-error.js';
import { learnFromLoss, patience } from './behind.js';
import { sendBody } from './body-phase.js';
import type { Channel, ReplyReceiver } from './channel.js';
import type { ConnectionError } from './connection-error.js';
import { EnvelopePhase, type EnvelopeStep } from './envelope-phase.js';
import { Exchange } from './exchange.js';
import {
  answered,
  desynced,
  givenUp,
  lost,
  rejected,
  sessionError,
  unsent,
} from './outcomes.js';
import type {
  AbortResult,
  PipelineHost,
  PipelineSettings,
} from './pipeline-host.js';
import { isNegative, isPositive, type Reply } from './reply.js';
import type { Transaction, TransactionOutcome } from './transaction.js';

/**
 * The transactions on one connection: the one whose turn it is and, in
 * one-flight mode, the one whose envelope rides behind its body.
 */
export class TransactionPipeline implements ReplyReceiver {
  readonly #channel: Channel;
  readonly #settings: PipelineSettings;
  readonly #host: PipelineHost;
  readonly #envelopes: EnvelopePhase;
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
    this.#envelopes = new EnvelopePhase(channel, settings, this);
  }

  get busy(): boolean {
    return this.#current !== undefined;
  }

  /** Whether anybody still waits for what is on the wire. */
  get wanted(): boolean {
    const exchanges = [this.#current, this.#rider];
    return exchanges.some((exchange) => exchange?.abandoned === false);
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

  /** Starts a transaction; with nothing due on the wire but, at most, AUTH. */
  begin(transaction: Transaction, behind?: 'auth'): void {
    const { capabilities } = this.#settings;
    const options = { reset: this.#needsReset, behind };
    this.#needsReset = false;
    this.#current = new Exchange(transaction, capabilities, options);
    this.#start(this.#current);
  }

  ride(transaction: Transaction): void {
    const { capabilities } = this.#settings;
    const options = { reset: false, behind: 'body' } as const;
    this.#rider = new Exchange(transaction, capabilities, options);
    this.#start(this.#rider);
  }

  /** Gives up a transaction; a dot that is out cannot be called back. */
  abort(transaction: Transaction): AbortResult {
    const exchange = [this.#current, this.#rider].find(
      (candidate) => candidate?.transaction === transaction,
    );
    if (exchange === undefined) return 'not-sent';
    exchange.abandoned = true;
    if (exchange.stage === 'dot') return 'unknown';
    // The server waits for the body: only closing tells it that none comes.
    if (exchange.stage === 'ready' || exchange.stage === 'body') {
      this.#channel.fail(givenUp('The message was given up'));
    }
    return 'not-sent';
  }

  patienceMs(): number {
    const current = this.#current;
    if (current?.stage === 'dot') return this.#settings.acceptMs;
    return patience(current?.behind, this.#settings);
  }

  receive(reply: Reply): void {
    const current = this.#current;
    if (current === undefined) return;
    if (current.stage === 'dot') this.#onDot(current, reply);
    else if (reply.code === 421) this.#onClosing(reply);
    else if (current.stage === 'lone-dot') this.#onLoneDot(current, reply);
    else {
      const step = this.#envelopes.receive(current, reply);
      if (step !== undefined) this.#follow(current, step);
    }
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
    learnFromLoss(this.#settings.policy, error, current, rider);
    // The later one first: each goes back to the head of its lane.
    const { flushes } = this.#channel;
    rider?.transaction.ended(lost(rider, error, flushes));
    current?.transaction.ended(lost(current, error, flushes));
  }

  #start(exchange: Exchange): void {
    const { transaction, behind } = exchange;
    if (behind !== undefined) this.#settings.policy.begins(behind);
    transaction.began();
    exchange.permission = transaction.beforeBody?.();
    // Its failure is looked at once the server is ready for the body.
    exchange.permission?.catch(() => undefined);
    this.#envelopes.write(exchange);
  }

  #follow(exchange: Exchange, step: EnvelopeStep): void {
    switch (step.next) {
      case 'body':
        this.#sendBody(exchange);
        break;
      case 'reset':
        this.#needsReset = true;
        this.#end(exchange, rejected(exchange, step.reply, step.command));
        break;
      case 'lone-dot':
        exchange.stage = 'lone-dot';
        exchange.refusal = step;
        this.#channel.write('.\r\n');
        this.#channel.expect(this);
        break;
      case 'destroy':
        // Written now, another envelope would be the text of this mail.
        this.#end(exchange, rejected(exchange, step.reply, step.command), true);
        this.#channel.fail(sessionError('The relay broke off', step.reply));
        break;
      case 'turn-back':
        this.#needsReset = true;
        if (exchange.data?.code === 354) this.#channel.fail(step.error);
        else this.#end(exchange, unsent(exchange, step.error));
        break;
      case 'fail':
        this.#channel.fail(step.error);
    }
  }

  #sendBody(exchange: Exchange): void {
    const { capabilities, commandMs } = this.#settings;
    const settings = {
      stallMs: commandMs,
      eightBit: capabilities.eightBitMime,
      maxSize: capabilities.maxSize,
    };
    this.#cancelBody = sendBody(this.#channel, exchange, settings, {
      dotWritten: () => {
        this.#cancelBody = undefined;
        this.#channel.expect(this);
        this.#host.tail();
      },
      failed: (error) => this.#failContent(exchange, error),
    });
  }

  #failContent(exchange: Exchange, error: MailError): void {
    this.#current = undefined;
    exchange.transaction.ended({ kind: 'failed', error });
    // There is no way out of DATA but the dot, which must not be written.
    this.#channel.fail(givenUp('A message had no readable content'));
  }

  #onDot(exchange: Exchange, reply: Reply): void {
    // What came before the dot has left is no reply to it.
    if (this.#channel.flushes <= exchange.dotAfter) return this.early(reply);
    const alone = isPositive(reply) && this.#rider === undefined;
    if (alone) this.#settings.policy.clean('body');
    const outcome = answered(exchange, reply);
    const closing = outcome === undefined || reply.code === 421;
    if (outcome !== undefined) this.#end(exchange, outcome, closing);
    if (closing) this.#onClosing(reply);
  }

  #onLoneDot(exchange: Exchange, reply: Reply): void {
    // A relay that takes an empty body cannot be trusted with another.
    const close = exchange.refusal?.thenClose === true || !isNegative(reply);
    const { flushes } = this.#channel;
    this.#end(
      exchange,
      lost(exchange, sessionError('Refused'), flushes),
      close,
    );
    if (close) {
      this.#channel.fail(sessionError('The relay took an empty body', reply));
    }
  }

  #onClosing(reply: Reply): void {
    const closing = 'The relay is closing the connection';
    const surplus = 'The relay sent a reply that nothing asked for';
    const error = isNegative(reply)
      ? sessionError(closing, reply)
      : desynced(surplus, reply);
    this.#channel.fail(error);
  }

  #end(exchange: Exchange, outcome: TransactionOutcome, closing = false): void {
    this.#cancelBody = undefined;
    this.#current = this.#rider;
    this.#rider = undefined;
    exchange.transaction.ended(outcome);
    if (!closing) this.#host.settled();
  }
}
