import { describe, expect, it } from 'vitest';

import {
  outcomeUnknown,
  rejection,
  shutDown,
} from '../../../lib/delivery/verdict-errors.js';
import { isMailError, MailError } from '../../../lib/errors/mail-error.js';
import { Cancellation } from '../../../lib/pool/cancellation.js';
import { ConnectionError } from '../../../lib/smtp/connection-error.js';
import { SENDGRID_REPLIES } from '../../../lib/testing/fake-sendgrid/replies.js';
import { replyOf } from '../../support/reply-of.js';

function refused(code: number, command: string): MailError {
  const reply = { code, text: 'Mailbox\nunavailable' };
  return rejection({ reply, command });
}

function refusedWith(line: string): MailError {
  const reply = replyOf(line);
  return rejection({ reply, command: 'DATA' });
}

describe('a rejection', () => {
  it.each([
    [550, 'RCPT TO', 'recipient', false],
    [450, 'RCPT TO', 'recipient', true],
    [550, 'MAIL FROM', 'message', false],
    [451, 'MAIL FROM', 'message', true],
    [554, 'DATA', 'message', false],
    [421, 'DATA', 'connection', true],
    [552, 'DATA', 'message', false],
  ])('by %i to %s concerns the %s, retryable: %s', (...expected) => {
    const [responseCode, command, scope, retryable] = expected;

    expect(refused(responseCode, command)).toMatchObject({
      code: 'REJECTED',
      deliveryState: 'not-sent',
      responseCode,
      command,
      scope,
      retryable,
      reply: { code: responseCode, text: 'Mailbox\nunavailable' },
    });
  });

  it.each([
    ['SENDER', 'sender', false, SENDGRID_REPLIES.senderIdentity],
    ['ACCOUNT', 'account', true, SENDGRID_REPLIES.messagingLimits],
  ])('that is no fault of the message is %s', (...expected) => {
    const [code, scope, retryable, line] = expected;

    expect(refusedWith(line)).toMatchObject({
      code,
      scope,
      retryable,
      deliveryState: 'not-sent',
      response: line,
      command: 'DATA',
    });
  });

  it('says what was refused and what to do', () => {
    expect(refusedWith(SENDGRID_REPLIES.senderIdentity).message).toBe(
      `SendGrid refused the message (DATA: ${SENDGRID_REPLIES.senderIdentity}). Authenticate the domain of the From address, or verify the address, under Sender Authentication in the SendGrid console.`,
    );
    expect(refused(550, 'RCPT TO').message).toBe(
      'SendGrid refused the message (RCPT TO: 550 Mailbox unavailable). Sending it again unchanged will be refused again.',
    );
    expect(refused(450, 'DATA').message).toBe(
      'SendGrid refused the message (DATA: 450 Mailbox unavailable). The refusal is temporary: send it again later.',
    );
  });
});

describe('an unknown outcome', () => {
  const cancelled = (signal?: AbortSignal): MailError => {
    const { error } = new Cancellation(signal, undefined);
    if (error === undefined) throw new Error('not cancelled');
    return error;
  };

  it('says so, and warns of a duplicate', () => {
    const cause = new ConnectionError('session', 'The connection was lost');

    expect(outcomeUnknown(cause)).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      deliveryState: 'unknown',
      retryable: false,
      scope: 'connection',
      cause,
      message:
        'The message was sent, but whether SendGrid took it is unknown (The connection was lost). Sending it again may deliver it twice.',
    });
  });

  it.each([
    ['aborted', cancelled(AbortSignal.abort())],
    ['time limit', new MailError('TIMED_OUT', 'The message was not sent.')],
    ['shut down', shutDown()],
  ])('does not claim that nothing was sent when %s', (reason, cause) => {
    const error = outcomeUnknown(cause);

    expect(error.message).toContain(reason);
    expect(error.message).not.toMatch(/not sent|nothing was sent/);
    expect(error.cause).toBe(cause);
  });
});

describe('an instance that is shut down', () => {
  it('says so and what to do', () => {
    const error = shutDown();

    expect(isMailError(error)).toBe(true);
    expect(error).toMatchObject({
      code: 'SHUT_DOWN',
      deliveryState: 'not-sent',
      retryable: true,
    });
    expect(error.message).toContain('raise `shutdown.timeoutMs`');
  });
});
