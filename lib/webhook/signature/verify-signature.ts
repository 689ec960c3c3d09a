import { createVerify, type KeyObject } from 'node:crypto';
import { requireRawBody } from './require-raw-body.js';

/** Name of the header that holds the signature, in lower case. */
export const SIGNATURE_HEADER = 'x-twilio-email-event-webhook-signature';

/** Name of the header that holds the time of signing, in lower case. */
export const TIMESTAMP_HEADER = 'x-twilio-email-event-webhook-timestamp';

/** A DER signature over P-256 has at most 72 bytes; anything longer is none. */
const MAX_SIGNATURE_CHARS = 128;

/** What a signature is checked over. */
export interface SignedPost {
  /** The header {@link SIGNATURE_HEADER}. */
  readonly signature: string;

  /** The header {@link TIMESTAMP_HEADER}. */
  readonly timestamp: string;

  /** The body as it came, byte for byte. */
  readonly body: Uint8Array;
}

/**
 * Tells whether one of the keys has signed a post: ECDSA with SHA-256 over the
 * timestamp and the raw body. False for whatever is no signature.
 *
 * @throws InvalidOptionsError when `body` is not the raw body, which has to be
 * switched on; nothing that somebody posts makes it throw
 */
export function verifySignature(
  { signature, timestamp, body }: SignedPost,
  keys: readonly KeyObject[],
): boolean {
  requireRawBody(body);
  if (signature.length > MAX_SIGNATURE_CHARS) return false;
  const bytes = Buffer.from(signature, 'base64');
  return keys.some((key) => isSignedBy(key, timestamp, body, bytes));
}

function isSignedBy(
  key: KeyObject,
  timestamp: string,
  body: Uint8Array,
  signature: Buffer,
): boolean {
  try {
    return createVerify('sha256')
      .update(timestamp)
      .update(body)
      .verify(key, signature);
  } catch {
    // What cannot be read as a signature is no signature.
    return false;
  }
}
