import { describe, expect, it } from 'vitest';

import { classifyReply } from '../../../lib/delivery/classify-reply.js';
import { KNOWN_REPLIES } from '../../../lib/delivery/known-replies.js';
import type { ReplyPhase } from '../../../lib/delivery/reply-phase.js';
import type { ReplyFault } from '../../../lib/delivery/reply-rule.js';
import { SENDGRID_REPLIES } from '../../../lib/testing/fake-sendgrid/replies.js';
import { replyOf } from '../../support/reply-of.js';

const PAUSED: ReplyFault = { kind: 'account', state: 'paused' };
const REFUSED: ReplyFault = { kind: 'account', state: 'refused' };

const REPLIES: [string, ReplyPhase[], ReplyFault, retryable: boolean][] = [
  [
    '451 Authentication failed: Maximum credits exceeded',
    ['auth', 'mail', 'rcpt', 'data'],
    PAUSED,
    true,
  ],
  ['451 Authentication failed: Could not authenticate', ['auth'], PAUSED, true],
  [
    "451 You've exceeded your messaging limits",
    ['auth', 'mail', 'rcpt', 'data'],
    PAUSED,
    true,
  ],
  [
    '535 Authentication failed: The provided authorization grant is invalid, expired, or revoked',
    ['auth'],
    REFUSED,
    false,
  ],
  [
    '535 Authentication failed: Bad username / password',
    ['auth'],
    REFUSED,
    false,
  ],
  [
    '550 Unauthenticated senders not allowed',
    ['mail', 'rcpt', 'data'],
    PAUSED,
    false,
  ],
  [
    '550 The from address does not match a verified Sender Identity. Mail cannot be sent until this error is resolved. Visit https://sendgrid.com/docs/for-developers/sending-email/sender-identity/ to see the Sender Identity requirements',
    ['mail', 'rcpt', 'data'],
    { kind: 'sender' },
    false,
  ],
  [
    '403 You are not authorized to send from that email address',
    ['mail', 'rcpt', 'data'],
    { kind: 'sender' },
    false,
  ],
  ['501 Recipient syntax error', ['rcpt'], { kind: 'recipient' }, false],
  [
    '421 Timeout waiting for data from client',
    ['auth', 'mail', 'rcpt', 'data'],
    { kind: 'connection' },
    true,
  ],
];

describe.each(REPLIES)('%s', (line, phases, fault, retryable) => {
  const { code, text } = replyOf(line);
  const rule = KNOWN_REPLIES.find(({ example }) => example === line);

  it('is known at its phases', () => {
    expect(rule).toMatchObject({ fault, retryable });
    for (const phase of phases) {
      expect(classifyReply(phase, { code, text })).toBe(rule);
    }
  });

  it('is known in another letter case', () => {
    const [phase = 'data'] = phases;

    for (const shown of [text.toUpperCase(), text.toLowerCase()]) {
      expect(classifyReply(phase, { code, text: shown })).toBe(rule);
    }
  });

  it('is known with an enhanced code, also wrapped over lines', () => {
    const [phase = 'data'] = phases;
    const wrapped = text.split(' ').map((word) => `5.7.1 ${word}`);

    for (const shown of [`5.7.1 ${text}`, wrapped.join('\n')]) {
      expect(classifyReply(phase, { code, text: shown })).toBe(rule);
    }
  });

  it('says what it means and what to do', () => {
    for (const words of [rule?.meaning, rule?.does, rule?.advice]) {
      expect(words).toMatch(/^[A-Z].*\.$/);
    }
  });
});

describe('the known replies', () => {
  it('are all tried here', () => {
    const tried = REPLIES.map(([line]) => line);

    expect(KNOWN_REPLIES.map(({ example }) => example)).toEqual(tried);
  });

  it.each([
    'badKey',
    'creditsExceeded',
    'couldNotAuthenticate',
    'messagingLimits',
    'unauthenticated',
    'senderIdentity',
    'recipientSyntax',
    'idle',
  ] as const)('hold what the fake relay says for %s', (name) => {
    const known: readonly string[] = KNOWN_REPLIES.map((one) => one.example);

    expect(known).toContain(SENDGRID_REPLIES[name]);
  });

  it('hold an older wording for senders that are not logged in', () => {
    const text =
      'Cannot receive from specified address <a@shop.example>: Unauthenticated senders not allowed';

    expect(classifyReply('mail', { code: 550, text })).toBe(
      classifyReply('mail', replyOf(SENDGRID_REPLIES.unauthenticated)),
    );
  });
});
