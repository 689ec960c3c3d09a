import type { OutgoingMail } from '../delivery/carrier.js';
import { failureStatus } from '../delivery/ending-of.js';
import type { SendPart, SendReceipt } from '../delivery/receipt.js';
import { addressesOf } from '../delivery/receipt-of.js';
import { concerning } from '../delivery/verdict-errors.js';
import type { MailError } from '../errors/mail-error.js';
import type { RecipientOutcome } from '../errors/recipient-outcome.js';
import { asInvalidMessage } from '../message/invalid-message.js';

type Failed = Exclude<SendPart, { status: 'accepted' }>;

/** Of several failures, the one to tell: who cannot be sure must know. */
const WORST_FIRST = ['unknown', 'rejected', 'not-sent'] as const;

/**
 * One receipt for all parts of a message.
 *
 * @throws MailError when none was accepted
 */
export function receiptOfParts(
  mails: readonly OutgoingMail[],
  endings: readonly PromiseSettledResult<SendReceipt>[],
): SendReceipt {
  const receipts = endings.flatMap((ending) =>
    ending.status === 'fulfilled' ? [ending.value] : [],
  );
  const parts = endings.map((ending, n) =>
    ending.status === 'fulfilled'
      ? accepted(ending.value)
      : failed(asInvalidMessage(ending.reason), mails[n]?.envelope.to ?? []),
  );
  const recipients = parts.flatMap((part) => part.recipients);
  const [first] = receipts;
  if (first === undefined) throw worstOf(parts, recipients, mails[0]?.mailId);
  const { envelope, accepted: _, ...rest } = first;
  return {
    ...rest,
    envelope: { ...envelope, to: mails.flatMap(({ envelope: { to } }) => to) },
    accepted: addressesOf(recipients, true),
    rejected: addressesOf(recipients, false),
    recipients,
    parts,
    attempts: Math.max(...receipts.map(({ attempts }) => attempts)),
    timings: {
      queuedMs: Math.min(...receipts.map(({ timings }) => timings.queuedMs)),
      totalMs: Math.max(...receipts.map(({ timings }) => timings.totalMs)),
    },
  };
}

function accepted(receipt: SendReceipt): SendPart {
  const { recipients, response, sendGridId, attempts } = receipt;
  return {
    status: 'accepted',
    recipients,
    response,
    ...(sendGridId === undefined ? {} : { sendGridId }),
    attempts,
  };
}

function failed(error: MailError, to: readonly string[]): Failed {
  const status = failureStatus(error);
  const recipients =
    error.recipients ??
    to.map((address) => ({ address, state: status, attempts: 0 }));
  return { status, recipients, error };
}

function worstOf(
  parts: readonly SendPart[],
  recipients: readonly RecipientOutcome[],
  mailId: string | undefined,
): MailError {
  const failures = parts.filter((part) => part.status !== 'accepted');
  const [worst] = WORST_FIRST.flatMap((status) =>
    failures.filter((part) => part.status === status),
  );
  if (worst === undefined)
    throw new TypeError('A message has one part or more');
  return concerning(worst.error, { mailId, recipients });
}
