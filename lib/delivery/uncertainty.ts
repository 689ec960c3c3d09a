import type { NamedMail, UnknownSend } from '../options/unknown-send-store.js';
import type { Answered } from '../pool/job.js';
import type { Lane } from '../pool/lane.js';
import type { OutgoingMail } from './carrier.js';
import type { DeliveryLine } from './delivery-line.js';
import { Doubt, type Doubter } from './doubt.js';
import { tellSettledLate } from './message-news.js';
import type { Recipients } from './recipients.js';
import { unknownSend } from './unknown-sends.js';

/** What is known of a message whose outcome is not, and who waits to hear of it. */
export class Uncertainty {
  readonly #mail: OutgoingMail;
  readonly #lane: Lane;
  readonly #line: DeliveryLine;
  /** When it was given up with its dot out. */
  #givenUpAt: number | undefined;
  #doubt: Doubt | undefined;
  #remembered: UnknownSend | undefined;

  /** An event that names it: an attempt that got no reply was accepted. */
  named: NamedMail | undefined;

  constructor(mail: OutgoingMail, lane: Lane, line: DeliveryLine) {
    this.#mail = mail;
    this.#lane = lane;
    this.#line = line;
  }

  /** It was given up with its dot out. */
  givenUp(): void {
    this.#givenUpAt = performance.now();
  }

  /** Waits for an event to name it, and one of these recipients. */
  wait(recipients: readonly string[], doubter: Doubter): void {
    const { retry, unknowns } = this.#line;
    const record = this.#recordOf(recipients);
    this.#doubt = new Doubt(record, retry.reconcileMs, unknowns, doubter);
  }

  /** Ends the wait, if any. Returns how long it took, in milliseconds. */
  endWait(): number {
    return this.#doubt?.end() ?? 0;
  }

  /** It has ended. Where that was in doubt, an event may tell that it was taken. */
  over({ doubtful, unsure }: Recipients): void {
    this.endWait();
    if (!doubtful) return;
    this.#remembered = this.#recordOf(unsure);
    this.#line.unknowns.add(this.#remembered);
  }

  /** The relay has answered after it was given up. */
  answeredLate(answer: Answered): void {
    if (this.#givenUpAt === undefined) return;
    const { events, unknowns } = this.#line;
    if (this.#remembered !== undefined) unknowns.remove(this.#remembered);
    tellSettledLate(events, this.#mail, this.#lane, answer, this.#givenUpAt);
  }

  #recordOf(recipients: readonly string[]): UnknownSend {
    const { tenant } = this.#line;
    const facts = { mail: this.#mail, lane: this.#lane, tenant };
    return unknownSend(facts, recipients);
  }
}
