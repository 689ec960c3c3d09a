import type { NamedMail, UnknownSend } from '../options/unknown-send-store.js';
import type { UnknownSends } from './unknown-sends.js';

/** How often it is asked whether another process has heard of it, in milliseconds. */
const ASK_MS = 5000;

/** Who waits to hear whether a message was accepted. */
export interface Doubter {
  /** An event that another process was told of names the message. */
  confirm(by: NamedMail): void;

  /** Nothing was heard in time. */
  heardNothing(): void;
}

/**
 * A send of unknown outcome that waits for an event to name it. Events that
 * this process is told of reach the send without it.
 */
export class Doubt {
  readonly #send: UnknownSend;
  readonly #unknowns: UnknownSends;
  readonly #doubter: Doubter;
  readonly #since = performance.now();
  readonly #until: number;
  #timer: NodeJS.Timeout | undefined;
  #asks = 0;
  #over = false;

  constructor(
    send: UnknownSend,
    waitMs: number,
    unknowns: UnknownSends,
    doubter: Doubter,
  ) {
    this.#send = { ...send, waits: true };
    this.#unknowns = unknowns;
    this.#doubter = doubter;
    this.#until = this.#since + waitMs;
    unknowns.add(this.#send);
    this.#wait();
  }

  /** Ends the wait. Returns how long it took, in milliseconds. */
  end(): number {
    if (!this.#over) this.#unknowns.remove(this.#send);
    this.#over = true;
    clearTimeout(this.#timer);
    return performance.now() - this.#since;
  }

  #wait(): void {
    const left = this.#until - performance.now();
    this.#timer = setTimeout(() => this.#ask(), Math.min(ASK_MS, left));
  }

  #ask(): void {
    const ask = (this.#asks += 1);
    // A store that does not answer knows nothing.
    this.#timer = setTimeout(() => this.#answered(ask, undefined), ASK_MS);
    void this.#unknowns
      .settledBy(this.#send)
      .then((by) => this.#answered(ask, by));
  }

  #answered(ask: number, by: NamedMail | undefined): void {
    if (this.#over) return;
    if (by !== undefined) return this.#doubter.confirm(by);
    if (ask !== this.#asks) return;
    // The other of the two, answer or time limit, has nothing to say.
    this.#asks += 1;
    clearTimeout(this.#timer);
    if (performance.now() < this.#until) this.#wait();
    else this.#doubter.heardNothing();
  }
}
