import type { MailMessageData } from 'nodemailer';
import type { Carrier, OutgoingMail } from '../delivery/carrier.js';
import type { SendReceipt } from '../delivery/receipt.js';
import type { ResolvedOptions } from '../options/resolved-options.js';
import { CaptureCarrier } from './capture-carrier.js';
import type { SendTicket } from './send-ticket.js';

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
    const { reservation, cancellation } = ticket;
    return this.#carrier.carry(mail, reservation, cancellation);
  }
}
