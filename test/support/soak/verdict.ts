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

/** Whether the sender had lost patience, before or after the dot. */
export function wasGivenUp(verdict: SoakVerdict): boolean {
  if (verdict.kind === 'accepted') return false;
  const { error } = verdict;
  return [error, error.cause].some(
    (one) =>
      isMailError(one) && (one.code === 'ABORTED' || one.code === 'TIMED_OUT'),
  );
}
