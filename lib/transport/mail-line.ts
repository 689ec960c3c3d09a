import type { Carrier } from '../delivery/carrier.js';
import type { ResolvedOptions } from '../options/resolved-options.js';

/** One instance's way to the relay: its options and what carries its mail. */
export class MailLine {
  readonly #options: ResolvedOptions;
  readonly #carrier: Carrier;

  constructor(options: ResolvedOptions, carrier: Carrier) {
    this.#options = options;
    this.#carrier = carrier;
  }

  get options(): ResolvedOptions {
    return this.#options;
  }

  get carrier(): Carrier {
    return this.#carrier;
  }
}
