import { FakeSendGridError } from './fake-sendgrid.error.js';
import { inspect } from 'node:util';

/**
 * Where a fault strikes. `body` is the moment the first bytes of a message
 * arrive, `message` the moment after its final dot.
 */
export type FaultStage =
  | 'greeting'
  | 'ehlo'
  | 'starttls'
  | 'auth'
  | 'mail'
  | 'rcpt'
  | 'data'
  | 'body'
  | 'message';

/**
 * What happens instead of the usual: a reply (`'451 Try again later'`), the
 * connection is dropped without one, nothing at all until
 * {@link FakeSendGrid.release}, or the usual `delayMs` milliseconds later.
 * `accept-and-drop` exists at stage `message`: the message is taken and the
 * reply to it is lost.
 *
 * A 421, and any reply at the stages `greeting`, `auth` and `body`, closes the
 * connection.
 */
export type Fault =
  | `${number} ${string}`
  | 'drop'
  | 'stall'
  | 'accept-and-drop'
  | { readonly delayMs: number };

/** Where a conversation stands when a fault may strike. */
export interface FaultContext {
  readonly at: FaultStage;

  /** Ordinal number of the connection, from 1. */
  readonly connection: number;

  /** MAIL commands on this connection so far, this one included. */
  readonly message: number;

  /** Address of MAIL, from stage `mail` on. */
  readonly sender?: string;

  /** Address of RCPT, at stage `rcpt`. */
  readonly recipient?: string;

  /** The accepted recipients, from stage `data` on. */
  readonly recipients: readonly string[];
}

/** How often and when a fault strikes. */
export interface FaultOptions {
  /**
   * How often it strikes before it is used up.
   *
   * @defaultValue 1
   */
  readonly times?: number;

  /**
   * Which of its chances it strikes at first: 3 lets two pass.
   *
   * @defaultValue 1
   */
  readonly nth?: number;

  /**
   * Of which recipient, in any case: at stage `rcpt` the one that is named, at
   * later ones any of those that were accepted.
   */
  readonly recipient?: string | RegExp;

  /** Whether it strikes here; without it, the first chance is taken. */
  readonly when?: (context: FaultContext) => boolean;
}

/** A fault that was scripted. */
export interface ScriptedFault {
  /** How often it has struck. */
  readonly struck: number;

  /** Takes it back: it does not strike again. */
  cancel(): void;
}

interface Scripted {
  readonly fault: Fault;
  readonly strikes: (context: FaultContext) => boolean;
  toPass: number;
  left: number;
  struck: number;
}

/** The scripted faults, and whatever stalls on account of one. */
export class Faults {
  #scripted: Scripted[] = [];
  #stalled: (() => void)[] = [];

  get none(): boolean {
    return this.#scripted.length === 0;
  }

  add(at: FaultStage, fault: Fault, options: FaultOptions): ScriptedFault {
    check(at, fault);
    const { times = 1, nth = 1, recipient, when = () => true } = options;
    const strikes = (context: FaultContext): boolean =>
      context.at === at && concerns(context, recipient) && when(context);
    const counts = { toPass: nth - 1, left: times, struck: 0 };
    const scripted: Scripted = { fault, strikes, ...counts };
    this.#scripted.push(scripted);
    return {
      get struck() {
        return scripted.struck;
      },
      cancel: () => this.#remove(scripted),
    };
  }

  /** The first fault that strikes here, which is then used up once. */
  take(context: FaultContext): Fault | undefined {
    const here = this.#scripted.filter(({ strikes }) => strikes(context));
    const hit = here.find(({ toPass }) => toPass === 0);
    for (const one of here) if (one.toPass > 0) one.toPass -= 1;
    if (hit === undefined) return undefined;
    hit.struck += 1;
    hit.left -= 1;
    if (hit.left <= 0) this.#remove(hit);
    return hit.fault;
  }

  clear(): void {
    this.#scripted = [];
  }

  stall(goOn: () => void): void {
    this.#stalled.push(goOn);
  }

  release(): void {
    for (const goOn of this.#stalled.splice(0)) goOn();
  }

  #remove(scripted: Scripted): void {
    this.#scripted = this.#scripted.filter((one) => one !== scripted);
  }
}

function concerns(
  { recipient, recipients }: FaultContext,
  wanted: string | RegExp | undefined,
): boolean {
  if (wanted === undefined) return true;
  const named = recipient === undefined ? recipients : [recipient];
  return named.some((address) =>
    typeof wanted === 'string'
      ? address.toLowerCase() === wanted.toLowerCase()
      : address.search(wanted) !== -1,
  );
}

function check(at: FaultStage, fault: Fault): void {
  if (fault === 'drop' || fault === 'stall') return;
  if (typeof fault === 'object' && fault.delayMs >= 0) return;
  if (fault === 'accept-and-drop') {
    if (at === 'message') return;
    throw new FakeSendGridError(
      'INVALID_OPTIONS',
      `The fault 'accept-and-drop' exists at the stage 'message' only, not at '${at}'.`,
    );
  }
  if (typeof fault === 'string' && /^[2-5]\d\d [^\r\n]*$/.test(fault)) return;
  throw new FakeSendGridError(
    'INVALID_OPTIONS',
    `A fault is one reply line such as '451 Try again later', 'drop', 'stall', 'accept-and-drop' or { delayMs }; got ${inspect(fault)}.`,
  );
}
