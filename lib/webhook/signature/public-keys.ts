import { createPublicKey, type KeyObject } from 'node:crypto';

const CURVE = 'prime256v1';

/** A value that is no verification key of SendGrid's. */
export class PublicKeyProblem extends Error {
  override readonly name = 'PublicKeyProblem';
}

/**
 * Reads a verification key as SendGrid shows it: base64 without armour, or PEM.
 *
 * @throws PublicKeyProblem saying what it is instead
 */
export function readPublicKey(text: string): KeyObject {
  const key = parse(text.trim());
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (key.asymmetricKeyType === 'ec' && curve === CURVE) return key;
  throw new PublicKeyProblem(
    'is a key of another kind: SendGrid signs with ECDSA over the curve P-256',
  );
}

function parse(text: string): KeyObject {
  try {
    return text.startsWith('-----BEGIN')
      ? publicOnly(text)
      : createPublicKey({
          key: Buffer.from(text, 'base64'),
          format: 'der',
          type: 'spki',
        });
  } catch (error) {
    if (error instanceof PublicKeyProblem) throw error;
    throw new PublicKeyProblem(
      'is no public key: copy the Verification Key from the webhook in ' +
        "SendGrid's console (base64, beginning with MFkw)",
    );
  }
}

/** Node would take the public half out of a private key. */
function publicOnly(pem: string): KeyObject {
  if (!pem.includes('PRIVATE KEY')) return createPublicKey(pem);
  throw new PublicKeyProblem(
    'is a private key: SendGrid keeps that one, give its public half',
  );
}
