import type { MailError } from '../errors/mail-error.js';
import { eightBitError } from './body-writer.js';
import type { Capabilities } from './capabilities.js';
import { sizeError } from './size-error.js';
import type { Body } from './transaction.js';

/** Why this relay cannot take a body at all, if so. */
export function unfit(
  body: Body,
  { eightBitMime, maxSize }: Capabilities,
): MailError | undefined {
  if (body.kind !== 'bytes') return undefined;
  if (body.eightBit && !eightBitMime) return eightBitError();
  if (maxSize === undefined || body.size <= maxSize) return undefined;
  return sizeError(`${body.size} bytes`, maxSize);
}
