import type { SendReceipt } from '../../../lib/delivery/receipt.js';
import { isMailError } from '../../../lib/errors/mail-error.js';

/**
 * What a sender was told, in a few words: `accepted`, `accepted, not b@`,
 * `accepted at attempt 2`, `rejected by 550 to DATA`, `unknown`, `not sent`.
 */
export function verdictOf(result: PromiseSettledResult<SendReceipt>): string {
  if (result.status === 'fulfilled') return receipt(result.value);
  const reason: unknown = result.reason;
  if (!isMailError(reason)) throw reason;
  const { code, deliveryState, responseCode, command } = reason;
  if (code === 'REJECTED') return `rejected by ${responseCode} to ${command}`;
  return deliveryState === 'unknown' ? 'unknown' : `not sent: ${code}`;
}

function receipt({ rejected, attempts }: SendReceipt): string {
  const without = rejected.map((address) => `, not ${address.slice(0, 2)}`);
  const again = attempts === 1 ? '' : ` at attempt ${attempts}`;
  return `accepted${again}${without.join('')}`;
}
