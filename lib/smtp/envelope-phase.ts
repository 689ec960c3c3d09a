import { refusesGrouping } from './behind.js';
import type { Channel, ReplyReceiver } from './channel.js';
import type { ConnectionError } from './connection-error.js';
import { envelopeVerdict, type EnvelopeVerdict } from './envelope-verdict.js';
import type { Exchange } from './exchange.js';
import { desynced, givenUp } from './outcomes.js';
import type { PipelineSettings } from './pipeline-host.js';
import { isPositive, type Reply } from './reply.js';

/** Most commands written before their replies are awaited. */
const WINDOW = 102;

/** What follows once an envelope has all its replies. */
export type EnvelopeStep =
  | Exclude<EnvelopeVerdict, { next: 'protocol-error' }>
  /** Its body will not be sent, though the server might take it. */
  | { readonly next: 'turn-back'; readonly error: ConnectionError }
  /** The session is out of step. */
  | { readonly next: 'fail'; readonly error: ConnectionError };

/** Whether an envelope of this many recipients fits into one group. */
export function fitsGroup(recipients: number): boolean {
  return recipients + 2 <= WINDOW;
}

/** Writes envelopes, in groups where the relay takes them, and reads their replies. */
export class EnvelopePhase {
  readonly #channel: Channel;
  readonly #settings: PipelineSettings;
  readonly #receiver: ReplyReceiver;

  constructor(
    channel: Channel,
    settings: PipelineSettings,
    receiver: ReplyReceiver,
  ) {
    this.#channel = channel;
    this.#settings = settings;
    this.#receiver = receiver;
  }

  /** Writes the next group of an envelope's commands. */
  write(exchange: Exchange): void {
    const { capabilities, policy } = this.#settings;
    const grouped = capabilities.pipelining && policy.groups;
    const { text, count } = exchange.take(grouped ? WINDOW : 1);
    this.#channel.write(text);
    this.#channel.expect(this.#receiver, count);
  }

  /** Takes a reply to an envelope; tells what follows after the last. */
  receive(exchange: Exchange, reply: Reply): EnvelopeStep | undefined {
    if (exchange.file(reply) === 'RSET' && !isPositive(reply)) {
      return fail('The relay refused RSET', reply);
    }
    if (!exchange.answered) return undefined;
    const pointless = exchange.abandoned || exchange.refusedEarly;
    if (!exchange.unwritten || pointless) return this.#conclude(exchange);
    this.write(exchange);
    return undefined;
  }

  #conclude(exchange: Exchange): EnvelopeStep {
    const { mail, recipients, data } = exchange;
    const refusal = refusesGrouping(exchange, this.#settings.policy);
    if (refusal !== undefined) return { next: 'turn-back', error: refusal };
    if (mail === undefined || exchange.abandoned) {
      const error = givenUp('The message was given up');
      return { next: 'turn-back', error };
    }
    const verdict = envelopeVerdict({ mail, recipients, data });
    if (verdict.next !== 'protocol-error') return verdict;
    return fail('The relay gave an unexpected reply', verdict.reply);
  }
}

function fail(message: string, reply: Reply): EnvelopeStep {
  return { next: 'fail', error: desynced(message, reply) };
}
