import type { MailError } from '../errors/mail-error.js';
import type { SendReceipt } from './receipt.js';

/** What a delivery ends in. */
export interface Settler {
  resolve(receipt: SendReceipt): void;
  reject(error: MailError): void;
}
