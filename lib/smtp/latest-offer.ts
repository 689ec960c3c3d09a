import type { MailError } from '../errors/mail-error.js';
import type { Capabilities } from './capabilities.js';
import type { Body } from './transaction.js';
import { unfit } from './unfit.js';

/** What the relay offered in its latest reply to EHLO, as long as that holds. */
export class LatestOffer {
  readonly #holdsMs: number;
  #capabilities: Capabilities | undefined;
  #heardAt = 0;

  /**
   * @param holdsMs how long a reply counts: without an end, what one odd reply
   * rules out would open no connection that could tell better
   */
  constructor(holdsMs: number) {
    this.#holdsMs = holdsMs;
  }

  heard(capabilities: Capabilities): void {
    this.#capabilities = capabilities;
    this.#heardAt = performance.now();
  }

  /** Why the relay cannot take a body at all, as far as is known. */
  unfit(body: Body): MailError | undefined {
    const error = this.#capabilities && unfit(body, this.#capabilities);
    if (error === undefined) return undefined;
    const age = performance.now() - this.#heardAt;
    return age < this.#holdsMs ? error : undefined;
  }
}
