import { MailError } from '../errors/mail-error.js';
import { eightBitError } from './body-writer.js';
import type { Capabilities } from './capabilities.js';
import type { Transaction } from './transaction.js';

/** Why this relay cannot take a message at all, if so. */
export function unfit(
  { body }: Transaction,
  { eightBitMime, maxSize }: Capabilities,
): MailError | undefined {
  if (body.kind !== 'bytes') return undefined;
  if (body.eightBit && !eightBitMime) return eightBitError();
  if (maxSize === undefined || body.size <= maxSize) return undefined;
  return new MailError(
    'INVALID_MESSAGE',
    `The message has ${body.size} bytes and the relay takes ${maxSize} at most. Send fewer or smaller attachments.`,
  );
}
