import type { AccountFault } from './account-fault.js';
import { probeDelayMs } from './probe-delays.js';

/** How far something got with the relay: who gets further has passed the steps before. */
export type Step = 'auth' | 'envelope' | 'body';

const ORDER: readonly Step[] = ['auth', 'envelope', 'body'];

/** What {@link AccountHold} tells. */
export interface AccountHoldEvents {
  /** The account may not send: nothing leaves until the next probe. */
  paused(fault: AccountFault, probeInMs: number): void;

  /** It may send again, after so many milliseconds. */
  resumed(pausedMs: number): void;

  /** A probe may leave now. */
  probeDue(): void;
}

/**
 * Holds everything back while the account may not send. One probe at a time,
 * ever later, finds out whether it may again: a log-in where that was
 * refused, else a message.
 */
export class AccountHold {
  readonly #events: AccountHoldEvents;
  #fault: AccountFault | undefined;
  /** Where it was found at fault. */
  #step: Step = 'auth';
  #since = 0;
  #latest = 0;
  #failures = 0;
  #probing = false;
  #timer: NodeJS.Timeout | undefined;
  #alive = false;

  constructor(events: AccountHoldEvents) {
    this.#events = events;
  }

  /** What is wrong, while something is. */
  get fault(): AccountFault | undefined {
    return this.#fault;
  }

  /** For how long it has held, in milliseconds. */
  get heldMs(): number {
    return this.#fault === undefined ? 0 : performance.now() - this.#since;
  }

  /** Whether the next probe is a log-in rather than a message. */
  get atLogIn(): boolean {
    return this.#step === 'auth';
  }

  /** How many messages may leave. */
  get room(): number {
    if (this.#fault === undefined) return Infinity;
    return this.#probing ? 1 : 0;
  }

  /** The account was found at fault, at `step`, by what began at `startedAt`. */
  pause(fault: AccountFault, startedAt: number, step: Step): void {
    const held = this.#fault !== undefined;
    // What was under way when it began says nothing new.
    if (held && startedAt <= this.#latest) return;
    const now = performance.now();
    if (!held) this.#since = now;
    this.#latest = now;
    this.#fault = fault;
    this.#step = step;
    const delay = probeDelayMs(this.#failures);
    this.#failures += 1;
    this.#waitFor(delay);
    if (!held) this.#events.paused(fault, delay);
  }

  /** The probe has left; another may if nothing is heard of it. */
  probes(): void {
    if (this.#fault !== undefined) {
      this.#waitFor(probeDelayMs(this.#failures - 1));
    }
  }

  /** What began at `startedAt` was answered at `step` as if all were well. */
  passed(startedAt: number, step: Step): void {
    if (this.#fault === undefined || startedAt <= this.#latest) return;
    if (ORDER.indexOf(step) < ORDER.indexOf(this.#step)) {
      // A message that ended too early to tell leaves the probe to another.
      if (step !== 'auth') this.#probe();
      return;
    }
    const heldMs = this.heldMs;
    this.#fault = undefined;
    this.#failures = 0;
    this.#probing = false;
    clearTimeout(this.#timer);
    this.#events.resumed(heldMs);
  }

  /** Only what waits keeps the process alive for the next probe. */
  keepAlive(needed: boolean): void {
    this.#alive = needed;
    if (needed) this.#timer?.ref();
    else this.#timer?.unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #waitFor(delayMs: number): void {
    this.#probing = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#probe(), delayMs);
    this.keepAlive(this.#alive);
  }

  #probe(): void {
    this.#probing = true;
    this.#events.probeDue();
  }
}
