import { createHash } from 'node:crypto';

import type { Secret } from './secret.js';

/**
 * Names an API key without revealing it: the first 8 hexadecimal digits of
 * its SHA-256.
 */
export function keyFingerprint(key: Secret): string {
  return createHash('sha256').update(key.reveal()).digest('hex').slice(0, 8);
}
