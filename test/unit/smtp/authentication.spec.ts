import { describe, expect, it } from 'vitest';

import { checkSafety } from '../../../lib/smtp/authentication.js';
import { EVERYTHING } from './support/transactions.js';

function check(remoteAddress: string): void {
  checkSafety('none', EVERYTHING, remoteAddress);
}

describe('without TLS', () => {
  it.each(['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1'])(
    'the key goes to %s',
    (address) => {
      expect(() => check(address)).not.toThrow();
    },
  );

  it.each(['10.0.0.1', '192.0.2.1', '::2', '::ffff:10.0.0.1', '1127.0.0.1'])(
    'the key does not go to %s, whatever the host is called',
    (address) => {
      expect(() => check(address)).toThrow(
        expect.objectContaining({
          stage: 'auth',
          message: expect.stringContaining('loopback'),
        }),
      );
    },
  );
});
