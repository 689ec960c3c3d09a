import { FakeSendGridError } from './fake-sendgrid.error.js';

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
 * connection is dropped without one, or nothing at all until
 * {@link FakeSendGrid.release}. `accept-and-drop` exists at stage `message`:
 * the message is taken and the reply to it is lost.
 *
 * A 421, and any reply at the stages `greeting`, `auth` and `body`, closes the
 * connection.
 */
export type Fault =
  `${number} ${string}` | 'drop' | 'stall' | 'accept-and-drop';

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

  /** Whether it strikes here; without it, the first chance is taken. */
  readonly when?: (context: FaultContext) => boolean;
}

interface Scripted {
  readonly at: FaultStage;
  readonly fault: Fault;
  readonly when: (context: FaultContext) => boolean;
  left: number;
}

/** The scripted faults, and whatever stalls on account of one. */
export class Faults {
  #scripted: Scripted[] = [];
  #stalled: (() => void)[] = [];

  get none(): boolean {
    return this.#scripted.length === 0;
  }

  add(at: FaultStage, fault: Fault, options: FaultOptions): void {
    check(at, fault);
    const { times = 1, when = () => true } = options;
    this.#scripted.push({ at, fault, when, left: times });
  }

  /** The first fault that strikes here, which is then used up once. */
  take(context: FaultContext): Fault | undefined {
    const hit = this.#scripted.find(
      ({ at, when }) => at === context.at && when(context),
    );
    if (hit === undefined) return undefined;
    hit.left -= 1;
    if (hit.left <= 0) {
      this.#scripted = this.#scripted.filter((one) => one !== hit);
    }
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
}

function check(at: FaultStage, fault: Fault): void {
  if (fault === 'drop' || fault === 'stall') return;
  if (fault === 'accept-and-drop') {
    if (at === 'message') return;
    throw new FakeSendGridError(
      'INVALID_OPTIONS',
      `The fault 'accept-and-drop' exists at the stage 'message' only, not at '${at}'.`,
    );
  }
  if (/^[2-5]\d\d [^\r\n]*$/.test(fault)) return;
  throw new FakeSendGridError(
    'INVALID_OPTIONS',
    `A fault is one reply line such as '451 Try again later', 'drop', 'stall' or 'accept-and-drop'; got ${JSON.stringify(fault)}.`,
  );
}
