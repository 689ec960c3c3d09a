import type { RecipientOutcome } from '../errors/recipient-outcome.js';
import type { Answered } from '../pool/job.js';
import type { Envelope } from '../smtp/envelope.js';
import { isPositive, type Reply } from '../smtp/reply.js';
import type { NamedMail } from '../options/unknown-send-store.js';
import { acceptedBy } from './accepted-by.js';
import { classifyReply } from './classify-reply.js';
import { phaseOf, type ReplyPhase } from './reply-phase.js';

type State = RecipientOutcome['state'];

/** One recipient: without a state it may be offered again. */
interface Recipient {
  readonly address: string;
  state: State | undefined;
  reply: Reply | undefined;
  attempts: number;
}

/** The recipients of one message: who is still to be offered, and how the others ended. */
export class Recipients {
  readonly #all: readonly Recipient[];
  #open: readonly Recipient[];
  #envelope: Envelope;
  #doubted: Set<Recipient> | undefined;
  #reply: Reply | undefined;
  readonly #addressees: readonly string[] | undefined;

  /** @param addressees - who shares the fate of the envelope's one recipient */
  constructor(envelope: Envelope, addressees?: readonly string[]) {
    this.#envelope = envelope;
    this.#addressees = addressees;
    this.#all = envelope.to.map((address) => ({
      address,
      state: undefined,
      reply: undefined,
      attempts: 0,
    }));
    this.#open = this.#all;
  }

  /** Those that are still to be offered. */
  get envelope(): Envelope {
    return this.#envelope;
  }

  /** The reply that first took the message for somebody. */
  get reply(): Reply | undefined {
    return this.#reply;
  }

  /** Whether all have ended. */
  get settled(): boolean {
    return this.#open.length === 0;
  }

  /** What was last said of one that has not ended. */
  get deferral(): Reply | undefined {
    return this.#open.find(({ reply }) => reply !== undefined)?.reply;
  }

  /** Whether one may have been accepted by an attempt that left whole and got no reply. */
  get doubtful(): boolean {
    return this.#all.some(({ state }) => state === 'unknown');
  }

  /** Whether an attempt has left whole and got no reply. */
  get doubted(): boolean {
    return this.#doubted !== undefined;
  }

  /** How those that have ended did, in the order of the message's envelope. */
  get outcomes(): readonly RecipientOutcome[] {
    const outcomes: RecipientOutcome[] = [];
    for (const { address, state, reply, attempts } of this.#all) {
      if (state === undefined) continue;
      const ending = reply === undefined ? { state } : { state, reply };
      for (const each of this.#addressees ?? [address]) {
        outcomes.push({ address: each, ...ending, attempts });
      }
    }
    return outcomes;
  }

  /** Files what the relay answered; those it refused for now stay open. */
  answered(answer: Answered, attempts: number): void {
    if (answer.kind === 'accepted') this.#reply ??= answer.reply;
    this.#open.forEach((one, at) => {
      const own = answer.recipients[at];
      one.reply = spokenTo(answer, own);
      this.#end(one, stateAfter(answer, own, one.reply), attempts);
    });
    this.#keepOpen();
  }

  /**
   * An attempt has left whole and got no reply. Those that `replies` do not
   * refuse may have been accepted: nothing but a 250 clears that.
   */
  unanswered(
    attempts: number,
    replies: readonly (Reply | undefined)[] = [],
  ): void {
    this.#doubted ??= new Set();
    for (const [at, one] of this.#open.entries()) {
      const own = replies[at];
      if (own === undefined || isPositive(own)) {
        one.reply = undefined;
        this.#doubted.add(one);
      } else {
        one.reply = own;
        this.#end(one, afterRefusal('rcpt', own), attempts);
      }
    }
    this.#keepOpen();
  }

  /** An event tells that the relay has taken it, for whoever may have been sent it. */
  confirmed(by: NamedMail, attempts: number): Reply {
    for (const one of this.#all) {
      const unsure = one.state === undefined && this.#doubted?.has(one);
      if (!unsure && one.state !== 'unknown') continue;
      this.#reply ??= acceptedBy(by);
      one.state = 'accepted';
      one.reply = undefined;
      one.attempts = attempts;
    }
    this.#keepOpen();
    return this.#reply ?? acceptedBy(by);
  }

  /** Whether this address, in lower case, is one that has not ended. */
  isOpen(address: string | undefined): boolean {
    const addresses = this.#open.flatMap((one) => this.#toWhom(one));
    return addresses.some((one) => one.toLowerCase() === address);
  }

  /** Those still open whom an attempt without a reply may have reached. */
  get inDoubt(): string[] {
    return this.#open
      .filter((one) => this.#doubted?.has(one))
      .flatMap((one) => this.#toWhom(one));
  }

  /** Those who may have been sent it, now that it has ended. */
  get unsure(): string[] {
    return this.outcomes
      .filter(({ state }) => state === 'unknown')
      .map(({ address }) => address);
  }

  /** Ends those that have not ended. */
  end(state: State, attempts: number): void {
    for (const one of this.#open) this.#end(one, state, attempts);
    this.#keepOpen();
  }

  #toWhom({ address }: Recipient): readonly string[] {
    return this.#addressees ?? [address];
  }

  #end(one: Recipient, state: State | undefined, attempts: number): void {
    const ends = state !== undefined && state !== 'accepted';
    const unsure = ends && this.#doubted?.has(one) === true;
    one.state = unsure ? 'unknown' : state;
    one.attempts = attempts;
  }

  #keepOpen(): void {
    const open = this.#open.filter(({ state }) => state === undefined);
    const fewer = open.length < this.#open.length;
    this.#open = open;
    if (!fewer) return;
    const to = open.map(({ address }) => address);
    this.#envelope = { from: this.#envelope.from, to };
  }
}

/** The reply that decides over one recipient, `own` being the one to its RCPT. */
function spokenTo(answer: Answered, own: Reply | undefined): Reply | undefined {
  if (answer.kind === 'accepted' || answer.command === 'RCPT TO') return own;
  // After a refused MAIL, replies to RCPT only follow from that.
  const refusedByName =
    answer.command !== 'MAIL FROM' && own !== undefined && !isPositive(own);
  return refusedByName ? own : answer.reply;
}

function stateAfter(
  answer: Answered,
  own: Reply | undefined,
  reply: Reply | undefined,
): State | undefined {
  if (reply === undefined) return 'rejected';
  if (answer.kind === 'accepted' && isPositive(reply)) return 'accepted';
  const phase =
    reply === own || answer.kind === 'accepted'
      ? 'rcpt'
      : phaseOf(answer.command);
  return afterRefusal(phase, reply);
}

function afterRefusal(phase: ReplyPhase, reply: Reply): State | undefined {
  return classifyReply(phase, reply).retryable ? undefined : 'rejected';
}
