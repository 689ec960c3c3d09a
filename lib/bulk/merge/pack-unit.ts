import type { MailError } from '../../errors/mail-error.js';
import type { MailMessage } from '../../message/mail-message.js';
import { failed, type SendOutcome, type Settled } from '../send-outcome.js';
import type { Unit } from '../unit.js';

/** How one recipient of a merge ended; `index` counts the recipients, from 0. */
export type MergeOutcome = SendOutcome & {
  /** The recipient's address. */
  readonly to: string;
};

/** A recipient of a pack, or one that was left out of it. */
export interface PackEntry {
  readonly to: string;

  /** Why it was left out, if so. */
  readonly refusal?: MailError | undefined;
}

/** Recipients in a row: those that one message goes to, and those left out of it. */
export class PackUnit implements Unit<MergeOutcome> {
  readonly message: MailMessage;
  readonly #entries: readonly PackEntry[];

  constructor(message: MailMessage, entries: readonly PackEntry[]) {
    this.message = message;
    this.#entries = entries;
  }

  get count(): number {
    return this.#entries.length;
  }

  /** Why nothing is sent, when all are left out. */
  get refusal(): MailError | undefined {
    const refusals = this.#entries.map(({ refusal }) => refusal);
    return refusals.includes(undefined) ? undefined : refusals[0];
  }

  *outcomes(index: number, settled: Settled): Iterable<MergeOutcome> {
    for (const [at, { to, refusal }] of this.#entries.entries()) {
      const own = refusal === undefined ? settled : failed(refusal);
      yield { index: index + at, to, ...own };
    }
  }
}
