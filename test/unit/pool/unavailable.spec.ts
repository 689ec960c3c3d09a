import { describe, expect, it } from 'vitest';

import {
  keepsFailing,
  keyRefused,
  relayUnavailable,
  streamSpent,
} from '../../../lib/pool/unavailable.js';
import { ConnectionError } from '../../../lib/smtp/connection-error.js';

const reply = { code: 535, text: 'Authentication failed' };
const cause = new ConnectionError('auth', 'Refused', { reply });

describe('an error of the pool', () => {
  it.each([
    [relayUnavailable, 'RELAY_UNAVAILABLE', 'connection', true, /Check the n/],
    [keyRefused, 'ACCOUNT', 'account', false, /Check that the key exists/],
    [keepsFailing, 'RELAY_UNAVAILABLE', 'connection', true, /was lost before/],
    [streamSpent, 'RELAY_UNAVAILABLE', 'connection', false, /Give `\(\) => /],
  ])('%o is %s', (make, code, scope, retryable, advice) => {
    const error = make(cause);

    expect(error).toMatchObject({
      code,
      scope,
      retryable,
      deliveryState: 'not-sent',
      cause,
    });
    expect(error.message).toMatch(advice);
  });

  it('keeps the reply that caused it', () => {
    expect(keyRefused(cause)).toMatchObject({
      reply,
      responseCode: 535,
      command: 'AUTH',
    });
    expect(relayUnavailable(cause).reply).toEqual(reply);
  });
});
