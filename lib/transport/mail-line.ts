import type { MailMessageData } from 'nodemailer';
import type { Carrier, OutgoingMail } from '../delivery/carrier.js';
import type { SendReceipt } from '../delivery/receipt.js';
import { recipientsOf } from '../delivery/recipients-of.js';
import { UnknownSends } from '../delivery/unknown-sends.js';
import type { Telling } from '../events/telling.js';
import { checkSender } from '../message/allowed-senders.js';
import { invalidMessage } from '../message/invalid-message.js';
import { Redirect } from '../message/redirect.js';
import type { ResolvedOptions } from '../options/resolved-options.js';
import { tellTrip } from './guard-trip.js';
import { Guards } from './guards.js';
import { Suppressions, withLeftOut } from './suppressions.js';
import { admitMany, carryParts, MAX_RECIPIENTS, partsOf } from './parts.js';
import type { SendTicket } from './send-ticket.js';
import type { SendTracer } from './send-tracer.js';

/** The way of one instance, or tenant, to the relay: its options and what carries its mail. */
export class MailLine {
  readonly #options: ResolvedOptions;
  readonly #carrier: Carrier;
  readonly #telling: Telling;
  readonly #redirect: Redirect | undefined;
  readonly #guards: Guards | undefined;
  readonly #suppressions: Suppressions | undefined;

  /** Its sends of unknown outcome, and all others' of the instance. */
  readonly unknowns: UnknownSends;

  /** What every send runs inside of, if anything. */
  tracer: SendTracer | undefined;

  constructor(
    options: ResolvedOptions,
    carrier: Carrier,
    telling: Telling,
    unknowns = new UnknownSends(telling, options.unknownSends),
  ) {
    this.unknowns = unknowns;
    this.#options = options;
    this.#carrier = carrier;
    this.#telling = telling;
    this.#redirect = options.redirect && new Redirect(options.redirect);
    this.#guards = guardsOf(options, telling);
    const { suppressions } = options;
    this.#suppressions =
      suppressions && new Suppressions(suppressions, telling);
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

  /** Where mail goes instead of to its recipients, if anywhere. */
  get redirect(): Redirect | undefined {
    return this.#redirect;
  }

  /**
   * Carries a message that was composed from `fields`, in the ticket's place.
   *
   * @param addressed - its recipients before they were redirected
   * @throws MailError, at once, for a message that may not leave
   */
  carry(
    composed: OutgoingMail,
    fields: MailMessageData,
    ticket: SendTicket,
    addressed: readonly string[] = recipientsOf(composed),
  ): Promise<SendReceipt> {
    const { beforeBody } = ticket;
    const mail = beforeBody ? { ...composed, beforeBody } : composed;
    this.#describe(mail, fields);
    if (ticket.refusal !== undefined) throw ticket.refusal;
    this.#checkAddresses(mail);
    return this.#suppressions === undefined
      ? this.#dispatch(mail, fields, ticket, addressed)
      : this.#spare(this.#suppressions, mail, fields, ticket, addressed);
  }

  async #spare(
    suppressions: Suppressions,
    mail: OutgoingMail,
    fields: MailMessageData,
    ticket: SendTicket,
    addressed: readonly string[],
  ): Promise<SendReceipt> {
    const sparing = suppressions.spare(mail);
    const spared = sparing instanceof Promise ? await sparing : sparing;
    const { leftOut } = spared;
    if (ticket.refusal !== undefined) throw ticket.refusal;
    if (leftOut.length === 0) {
      return this.#dispatch(mail, fields, ticket, addressed);
    }
    this.#describe(spared.mail, fields);
    const others = addressed.filter((address) => !leftOut.includes(address));
    const receipt = this.#dispatch(spared.mail, fields, ticket, others);
    return withLeftOut(await receipt, leftOut);
  }

  #dispatch(
    mail: OutgoingMail,
    fields: MailMessageData,
    ticket: SendTicket,
    addressed: readonly string[],
  ): Promise<SendReceipt> {
    if (addressed.length > MAX_RECIPIENTS) admitMany(addressed, mail, ticket);
    this.#guards?.admit(addressed);
    ticket.handOver(mail);
    if (mail.envelope.to.length > MAX_RECIPIENTS) {
      const parts = partsOf(mail);
      for (const part of parts) this.#describe(part, fields);
      return carryParts(parts, ticket, this.#carrier, this.#telling.events);
    }
    const { reservation, cancellation } = ticket;
    return this.#carrier.carry(mail, reservation, cancellation);
  }

  #describe(mail: OutgoingMail, fields: MailMessageData): void {
    this.#carrier.describe?.(mail, fields);
  }

  #checkAddresses({
    envelope: { from, to },
    addressees = [],
  }: OutgoingMail): void {
    const { allowedFrom } = this.#options;
    if (allowedFrom !== undefined) {
      checkSender(from, 'the envelope', allowedFrom);
    }
    this.#refuseStrays(to);
    this.#refuseStrays(addressees);
  }

  // Whatever names recipients some day, none of them goes past here.
  #refuseStrays(recipients: readonly string[]): void {
    const redirect = this.#redirect;
    if (redirect === undefined) return;
    if (recipients.every((address) => redirect.permits(address))) return;
    throw invalidMessage(
      'A recipient was named in a way that `redirect` did not reach, so the ' +
        'message was not sent. Name recipients in `to`, `cc`, `bcc` or ' +
        '`envelope`.',
    );
  }
}

function guardsOf(
  { guards }: ResolvedOptions,
  telling: Telling,
): Guards | undefined {
  if (guards.perRecipient === undefined && guards.total === undefined) {
    return undefined;
  }
  return new Guards(guards, (trip) => tellTrip(telling, trip));
}
