import type { RecipientOutcome } from '../errors/recipient-outcome.js';
import type { Verdict } from '../pool/job.js';
import type { Envelope } from '../smtp/envelope.js';
import { isPositive, type Reply } from '../smtp/reply.js';
import { classifyReply } from './classify-reply.js';
import { phaseOf, type ReplyPhase } from './reply-phase.js';

type Answer = Extract<Verdict, { kind: 'accepted' | 'rejected' }>;
type State = RecipientOutcome['state'];

/** A recipient that has not ended, and what was said of it so far. */
interface Open {
  readonly index: number;
  readonly address: string;
  readonly reply?: Reply | undefined;

  /** It may have been accepted by an attempt that got no reply. */
  readonly doubtful?: boolean;
}

/** The recipients of one message: who is still to be offered, and how the others ended. */
export class Recipients {
  readonly #from: string;
  readonly #outcomes: (RecipientOutcome | undefined)[];
  #open: readonly Open[];
  #envelope: Envelope;
  #doubtful = false;
  #doubted = false;

  constructor(envelope: Envelope) {
    this.#from = envelope.from;
    this.#envelope = envelope;
    this.#outcomes = envelope.to.map(() => undefined);
    this.#open = envelope.to.map((address, index) => ({ address, index }));
  }

  /** Those that are still to be offered. */
  get envelope(): Envelope {
    return this.#envelope;
  }

  /** Whether all have ended. */
  get settled(): boolean {
    return this.#open.length === 0;
  }

  /** Whether one that was not accepted may have been, by an attempt without a reply. */
  get doubtful(): boolean {
    return this.#doubtful;
  }

  /** How each has ended, in the order of the message's envelope. */
  get outcomes(): readonly RecipientOutcome[] {
    return this.#outcomes.filter((outcome) => outcome !== undefined);
  }

  /** Files what the relay answered; those it refused for now stay open. */
  answered(answer: Answer, attempts: number): void {
    const open: Open[] = [];
    this.#open.forEach((one, at) => {
      const { reply, state } = judge(answer, answer.recipients[at]);
      if (state === undefined) open.push({ ...one, reply });
      else this.#end({ ...one, reply }, state, attempts);
    });
    this.#keepOpen(open);
  }

  /** Ends those that have not ended. */
  end(state: State, attempts: number): void {
    for (const one of this.#open) this.#end(one, state, attempts);
    this.#keepOpen([]);
  }

  /** Whether an attempt has left whole and got no reply. */
  get doubted(): boolean {
    return this.#doubted;
  }

  /** What those that are open were refused with for now, if they were. */
  get refusal(): Reply | undefined {
    return this.#open.find(({ reply }) => reply !== undefined)?.reply;
  }

  /**
   * An attempt has left whole and got no reply. Those that `replies` do not
   * refuse may have been accepted: nothing but a 250 can clear that.
   */
  unanswered(
    attempts: number,
    replies: readonly (Reply | undefined)[] = [],
  ): void {
    this.#doubted = true;
    const open: Open[] = [];
    this.#open.forEach((one, at) => {
      const own = replies[at];
      if (own === undefined || isPositive(own)) {
        open.push({ ...one, reply: undefined, doubtful: true });
        return;
      }
      const { state } = refused('rcpt', own);
      if (state === undefined) open.push({ ...one, reply: own });
      else this.#end({ ...one, reply: own }, state, attempts);
    });
    this.#keepOpen(open);
  }

  #end(one: Open, known: State, attempts: number): void {
    const { index, address, reply, doubtful = false } = one;
    const unsure = doubtful && known !== 'accepted';
    if (unsure) this.#doubtful = true;
    const state = unsure ? 'unknown' : known;
    const said = reply === undefined ? {} : { reply };
    this.#outcomes[index] = { address, state, ...said, attempts };
  }

  #keepOpen(open: readonly Open[]): void {
    if (open.length === this.#open.length) {
      this.#open = open;
      return;
    }
    this.#open = open;
    const to = open.map(({ address }) => address);
    this.#envelope = { from: this.#from, to };
  }
}

/** What an answer says of one recipient; without a state it may be tried again. */
function judge(
  answer: Answer,
  own: Reply | undefined,
): { reply: Reply | undefined; state: State | undefined } {
  if (answer.kind === 'rejected' && answer.command !== 'RCPT TO') {
    const phase = phaseOf(answer.command);
    // After a refused MAIL, replies to RCPT only follow from that.
    const spoken = phase === 'mail' || own === undefined || isPositive(own);
    return spoken ? refused(phase, answer.reply) : refused('rcpt', own);
  }
  if (own === undefined) return { reply: undefined, state: 'rejected' };
  return isPositive(own)
    ? { reply: own, state: 'accepted' }
    : refused('rcpt', own);
}

function refused(
  phase: ReplyPhase,
  reply: Reply,
): { reply: Reply; state: State | undefined } {
  const { retryable } = classifyReply(phase, reply);
  return { reply, state: retryable ? undefined : 'rejected' };
}
