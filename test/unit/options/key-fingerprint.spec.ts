import { expect, it } from 'vitest';

import { keyFingerprint } from '../../../lib/options/key-fingerprint.js';
import { Secret } from '../../../lib/options/secret.js';

it('names a key by the first 8 digits of its SHA-256', () => {
  expect(keyFingerprint(new Secret('abc'))).toBe('ba7816bf');
});
