import { describe, expect, it } from 'vitest';

import { ConnectionError } from '../../../lib/smtp/connection-error.js';
import { Exchange } from '../../../lib/smtp/exchange.js';
import {
  heldBack,
  rejected,
  sessionError,
  unsent,
} from '../../../lib/smtp/outcomes.js';
import { EVERYTHING, transaction } from './support/transactions.js';

function exchange(): Exchange {
  const options = { reset: false, behind: undefined };
  return new Exchange(transaction(2), EVERYTHING, options);
}

describe('outcomes', () => {
  it('of a session name its stage and the reply', () => {
    const reply = { code: 421, text: 'bye' };

    expect(sessionError('Closing', reply)).toMatchObject({
      stage: 'session',
      message: 'Closing: 421 bye',
      reply,
    });
    expect(sessionError('Lost').message).toBe('Lost');
  });

  it.each([true, false])(
    'unsent tell whether the body was read: %s',
    (read) => {
      const fault = new ConnectionError('session', 'Lost');
      const whole = exchange();
      whole.bodyOpened = read;

      expect(unsent(whole, fault)).toEqual({
        kind: 'unsent',
        fault,
        bodyOpened: read,
      });
    },
  );

  it('rejected keep the replies of all recipients', () => {
    const whole = exchange();
    whole.take(102);
    const ok = { code: 250, text: 'ok' };
    const no = { code: 554, text: 'no' };
    for (const reply of [ok, ok, no]) whole.file(reply);

    expect(rejected(whole, no, 'DATA')).toEqual({
      kind: 'rejected',
      reply: no,
      command: 'DATA',
      recipients: [ok, no],
    });
  });

  it.each([
    [new Error('the outbox is read-only'), 'the outbox is read-only'],
    ['no', 'no'],
  ])('held back by %s say so and can be tried again', (cause, reason) => {
    expect(heldBack(cause)).toMatchObject({
      code: 'ABORTED',
      retryable: true,
      deliveryState: 'not-sent',
      cause,
      message: `The message was held back before its body was sent (${reason}).`,
    });
  });
});
