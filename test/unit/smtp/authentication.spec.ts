import { describe, expect, it } from 'vitest';

import { resolveOptions } from '../../../lib/options/resolve-options.js';
import { keyFor } from '../../../lib/smtp/authentication.js';
import { EVERYTHING } from './support/transactions.js';

const KEY = `SG.${'k'.repeat(22)}.${'s'.repeat(43)}`;

function keyAt(remoteAddress: string): string | undefined {
  const { relay } = resolveOptions({
    apiKey: KEY,
    host: 'localhost',
    security: 'none',
  });
  return keyFor(relay, EVERYTHING, remoteAddress);
}

describe('without TLS', () => {
  it.each(['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1'])(
    'the key goes to %s',
    (address) => {
      expect(keyAt(address)).toBe(KEY);
    },
  );

  it.each(['10.0.0.1', '192.0.2.1', '::2', '::ffff:10.0.0.1', '1127.0.0.1'])(
    'the key does not go to %s, whatever the host is called',
    (address) => {
      expect(() => keyAt(address)).toThrow(
        expect.objectContaining({
          stage: 'auth',
          message: expect.stringContaining('loopback'),
        }),
      );
    },
  );
});
