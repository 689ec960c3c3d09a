import { describe, expect, it } from 'vitest';

import {
  keepsFailing,
  keyRefused,
  noConnection,
  relayUnavailable,
  streamSpent,
} from '../../../lib/pool/unavailable.js';
import { NoKeyError } from '../../../lib/options/no-key-error.js';
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

  it.each([
    [
      new ConnectionError('connect', 'No'),
      'RELAY_UNAVAILABLE',
      /network/,
      true,
    ],
    [cause, 'ACCOUNT', /refused the API key/, false],
    [withoutKey(false), 'RELAY_UNAVAILABLE', /no API key.* vault shut/, true],
    [withoutKey(true), 'ACCOUNT', /no API key.* vault shut/, false],
  ])('says why there is no connection: %s', (why, code, text, retryable) => {
    const error = noConnection(why);

    expect(error).toMatchObject({ code, retryable, cause: why });
    expect(error.message).toMatch(text);
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

function withoutKey(malformed: boolean): ConnectionError {
  const reason = new NoKeyError('vault shut', { malformed });
  return new ConnectionError('auth', reason.message, { cause: reason });
}
