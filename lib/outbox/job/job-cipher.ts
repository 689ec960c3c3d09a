import {
  createCipheriv,
  createDecipheriv,
  type KeyObject,
  randomBytes,
} from 'node:crypto';

import type { ResolvedEncryption } from '../options/encryption.options.js';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A text that only holders of the key can read; nonce, text and tag in base64. */
export interface Sealed {
  readonly key: string;
  readonly sealed: string;
}

/** What becomes of reading a sealed text. */
export type Opened =
  | { readonly kind: 'opened'; readonly text: string }
  | { readonly kind: 'unknown-key' }
  | { readonly kind: 'tampered' };

/**
 * Encrypts and authenticates texts with AES-256-GCM: with the current key, and
 * whatever key a text names. `context` is not stored, and has to be the same
 * for both.
 */
export class JobCipher {
  readonly #current: string;
  readonly #currentKey: KeyObject;
  readonly #keys: ReadonlyMap<string, KeyObject>;

  constructor({ current, currentKey, keys }: ResolvedEncryption) {
    this.#current = current;
    this.#currentKey = currentKey;
    this.#keys = keys;
  }

  seal(text: string, context: readonly string[]): Sealed {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#currentKey, nonce, {
      authTagLength: TAG_BYTES,
    });
    cipher.setAAD(contextBytes(context, this.#current));
    const sealed = [nonce, cipher.update(text, 'utf8'), cipher.final()];
    return {
      key: this.#current,
      sealed: Buffer.concat([...sealed, cipher.getAuthTag()]).toString(
        'base64',
      ),
    };
  }

  open({ key, sealed }: Sealed, context: readonly string[]): Opened {
    const secret = this.#keys.get(key);
    if (secret === undefined) return { kind: 'unknown-key' };
    const bytes = Buffer.from(sealed, 'base64');
    if (bytes.length < NONCE_BYTES + TAG_BYTES) return { kind: 'tampered' };
    const nonce = bytes.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv(ALGORITHM, secret, nonce, {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(contextBytes(context, key));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
    try {
      const rest = decipher.final();
      return { kind: 'opened', text: Buffer.concat([text, rest]).toString() };
    } catch {
      // The only reason to fail here: what was authenticated is something else.
      return { kind: 'tampered' };
    }
  }
}

function contextBytes(context: readonly string[], key: string): Buffer {
  return Buffer.from(JSON.stringify([...context, key]));
}
