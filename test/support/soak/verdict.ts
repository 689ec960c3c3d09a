import type { SendReceipt } from '../../../lib/delivery/receipt.js';
import { isMailError, type MailError } from '../../../lib/errors/mail-error.js';

/** What a sender was told. */
export type SoakVerdict =
  | { readonly kind: 'accepted'; readonly receipt: SendReceipt }
  | {
      readonly kind: 'rejected' | 'unknown' | 'not-sent';
      readonly error: MailError;
    };

/** Waits for what a sender is told. */
export async function verdictOf(
  sent: Promise<SendReceipt>,
): Promise<SoakVerdict> {
  try {
    return { kind: 'accepted', receipt: await sent };
  } catch (error) {
    if (!isMailError(error)) throw error;
    if (error.code === 'REJECTED') return { kind: 'rejected', error };
    return { kind: error.deliveryState, error };
  }
}

/** How each recipient has ended, once the message was offered. */
export function statesOf(
  verdict: SoakVerdict,
): ReadonlyMap<string, string> | undefined {
  const outcomes =
    verdict.kind === 'accepted'
      ? verdict.receipt.recipients
      : verdict.error.recipients;
  return outcomes && new Map(outcomes.map((one) => [one.address, one.state]));
}
