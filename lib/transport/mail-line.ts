import type { MailMessageData } from 'nodemailer';
import type { Carrier, OutgoingMail } from '../delivery/carrier.js';
import { tellFailed } from '../delivery/message-news.js';
import type { SendReceipt } from '../delivery/receipt.js';
import type { Telling } from '../events/telling.js';
import type { ResolvedOptions } from '../options/resolved-options.js';
import type { Lane } from '../pool/lane.js';
import { CaptureCarrier } from './capture-carrier.js';
import type { SendTicket } from './send-ticket.js';

/** One instance's way to the relay: its options and what carries its mail. */
export class MailLine {
  readonly #options: ResolvedOptions;
  readonly #carrier: Carrier;
  readonly #telling: Telling;

  constructor(options: ResolvedOptions, carrier: Carrier, telling: Telling) {
    this.#options = options;
    this.#carrier = carrier;
    this.#telling = telling;
  }

  get options(): ResolvedOptions {
    return this.#options;
  }

  get carrier(): Carrier {
    return this.#carrier;
  }

  get telling(): Telling {
    return this.#telling;
  }

  /** Tells of a failure that came before the carrier had the message. */
  refused(
    error: unknown,
    lane: Lane,
    ticket: SendTicket | undefined,
    messageId?: string,
  ): void {
    if (ticket?.carried === true) return;
    tellFailed(this.#telling.events, error, lane, { messageId });
  }

  /** Carries a message that was composed from `fields`, in the ticket's place. */
  async carry(
    mail: OutgoingMail,
    fields: MailMessageData,
    ticket: SendTicket,
  ): Promise<SendReceipt> {
    if (this.#carrier instanceof CaptureCarrier) {
      this.#carrier.describe(mail, fields);
    }
    if (ticket.refusal !== undefined) throw ticket.refusal;
    ticket.handOver();
    const { reservation, cancellation } = ticket;
    return this.#carrier.carry(mail, reservation, cancellation);
  }
}
