import type { Fault, FaultContext, Faults, FaultStage } from './faults.js';

/** What a fault may do to a connection. */
export interface FaultExits {
  /** Answers with a refusal and goes on with `resume`. */
  refuse(at: FaultStage, reply: string, resume: () => void): void;

  /** Closes once every reply is written. */
  close(): void;

  /** Closes without a word. */
  drop(): void;

  /** Goes on, but closes without a word in place of the reply to it. */
  mute(proceed: () => void): void;
}

const CLOSING_STAGES = new Set<FaultStage>(['greeting', 'auth', 'body']);

/** Stands before each step of a conversation and lets scripted faults strike. */
export class FaultGate {
  readonly #faults: Faults;
  readonly #exits: FaultExits;

  constructor(faults: Faults, exits: FaultExits) {
    this.#faults = faults;
    this.#exits = exits;
  }

  /**
   * Goes on with `proceed`, unless a fault strikes. When that is a reply that
   * leaves the connection open, it goes on with `resume`.
   */
  pass(
    context: () => FaultContext,
    proceed: () => void,
    resume: () => void = proceed,
  ): void {
    if (this.#faults.none) return proceed();
    const here = context();
    const fault = this.#faults.take(here);
    if (fault === undefined) return proceed();
    if (fault === 'stall') return this.#faults.stall(proceed);
    if (typeof fault === 'object') {
      setTimeout(proceed, fault.delayMs).unref();
      return;
    }
    this.#strike(fault, here, proceed, resume);
  }

  #strike(
    fault: Exclude<Fault, 'stall' | object>,
    { at }: FaultContext,
    proceed: () => void,
    resume: () => void,
  ): void {
    const exits = this.#exits;
    if (fault === 'drop') return exits.drop();
    if (fault === 'accept-and-drop') return exits.mute(proceed);
    const closes = fault.startsWith('421') || CLOSING_STAGES.has(at);
    exits.refuse(at, fault, closes ? () => exits.close() : resume);
  }
}
