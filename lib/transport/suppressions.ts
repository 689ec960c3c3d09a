import type { OutgoingMail } from '../delivery/carrier.js';
import { recipientsOf } from '../delivery/recipients-of.js';
import type { SendReceipt } from '../delivery/receipt.js';
import { MailError } from '../errors/mail-error.js';
import type { Telling } from '../events/telling.js';
import type {
  SuppressionList,
  SuppressionReason,
} from '../options/suppression-list.js';

type Reasons = readonly (SuppressionReason | undefined)[];

/** A message, and those of its recipients who are not sent it. */
export interface Spared {
  readonly mail: OutgoingMail;
  readonly leftOut: readonly string[];
}

/** Keeps mail from those who must not be written to. */
export class Suppressions {
  readonly #list: SuppressionList;
  readonly #telling: Telling;
  #complained = false;

  constructor(list: SuppressionList, telling: Telling) {
    this.#list = list;
    this.#telling = telling;
  }

  /**
   * The message to those of its recipients who may be written to.
   *
   * @throws MailError `SUPPRESSED` when there are none
   */
  spare(mail: OutgoingMail): Spared | Promise<Spared> {
    const recipients = recipientsOf(mail);
    try {
      const reasons = this.#list.reasonsFor(recipients);
      return reasons instanceof Promise
        ? reasons
            .catch((error: unknown) => this.#complain(error))
            .then((known) => spared(mail, recipients, known))
        : spared(mail, recipients, reasons);
    } catch (error) {
      if (error instanceof MailError) throw error;
      return spared(mail, recipients, this.#complain(error));
    }
  }

  /** Without the list mail is sent: SendGrid drops what it knows to be suppressed. */
  #complain(error: unknown): Reasons {
    const { log, masking } = this.#telling;
    if (!this.#complained) {
      log.warn(
        `\`suppressions\` failed (told once; mail is sent without it): ${masking.text(String(error))}`,
      );
    }
    this.#complained = true;
    return [];
  }
}

/** A receipt that also tells of those who were left out. */
export function withLeftOut(
  receipt: SendReceipt,
  leftOut: readonly string[],
): SendReceipt {
  const outcomes = leftOut.map((address) => ({
    address,
    state: 'not-sent' as const,
    attempts: 0,
  }));
  return {
    ...receipt,
    rejected: [...receipt.rejected, ...leftOut],
    recipients: [...receipt.recipients, ...outcomes],
  };
}

function spared(
  mail: OutgoingMail,
  recipients: readonly string[],
  reasons: Reasons,
): Spared {
  const leftOut = recipients.filter((_, at) => reasons[at] !== undefined);
  if (leftOut.length === 0) return { mail, leftOut };
  if (leftOut.length === recipients.length) throw nobodyLeft(reasons);
  // The header names these, and is written already.
  if (mail.addressees !== undefined) return { mail, leftOut: [] };
  const { from, to } = mail.envelope;
  const others = to.filter((_, at) => reasons[at] === undefined);
  return { mail: { ...mail, envelope: { from, to: others } }, leftOut };
}

function nobodyLeft(reasons: Reasons): MailError {
  const why = [...new Set(reasons)].join(', ');
  return new MailError(
    'SUPPRESSED',
    `Everybody whom the message is for is among \`suppressions\` (${why}), so ` +
      'it was not sent. Take an address out of the list there and at SendGrid ' +
      'when it is to get mail again.',
    { scope: 'recipient' },
  );
}
