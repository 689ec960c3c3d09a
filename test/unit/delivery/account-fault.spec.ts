import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { accountFault } from '../../../lib/delivery/account-fault.js';
import {
  ConnectionError,
  type ConnectionStage,
} from '../../../lib/smtp/connection-error.js';
import type { Reply } from '../../../lib/smtp/reply.js';
import { SENDGRID_REPLIES } from '../../../lib/testing/fake-sendgrid/replies.js';
import { replyOf } from '../../support/reply-of.js';

function failure(stage: ConnectionStage, reply?: Reply): ConnectionError {
  return new ConnectionError(stage, 'Refused', { reply });
}

describe('a connection that could not log in', () => {
  it.each([
    ['refused', SENDGRID_REPLIES.badKey, /API key/, /has the Mail Send/],
    ['paused', SENDGRID_REPLIES.creditsExceeded, /used up/, /Buy credits/],
    ['paused', SENDGRID_REPLIES.couldNotAuthenticate, /IP address/, /Allow/],
    ['paused', '554 Account suspended', /under review/, /support/],
  ])('has an account that is %s by %s', (kind, line, meaning, advice) => {
    expect(accountFault(failure('auth', replyOf(line)))).toEqual({
      kind,
      reply: replyOf(line),
      meaning: expect.stringMatching(meaning),
      advice: expect.stringMatching(advice),
    });
  });

  it.each([
    ['the relay cannot check the key', '454 Temporary failure'],
    ['the relay closes', '421 Closing'],
    ['the relay talks nonsense', '250 Ok'],
  ])('has a sound account when %s', (_, line) => {
    expect(accountFault(failure('auth', replyOf(line)))).toBeUndefined();
  });

  it('has a sound account when no reply came, or another stage failed', () => {
    const badKey = replyOf(SENDGRID_REPLIES.badKey);

    expect(accountFault(failure('auth'))).toBeUndefined();
    expect(accountFault(failure('greeting', badKey))).toBeUndefined();
    expect(accountFault(failure('session', badKey))).toBeUndefined();
  });

  it('has a refused key for the table exactly when it has one for itself', () => {
    const code = fc.integer({ min: 200, max: 599 });
    fc.assert(
      fc.property(code, fc.string(), (given, text) => {
        const error = failure('auth', { code: given, text });
        const refused = accountFault(error)?.kind === 'refused';

        expect(refused).toBe(error.credentialsRefused);
      }),
    );
  });
});
