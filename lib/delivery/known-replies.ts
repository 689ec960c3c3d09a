import type { ReplyPhase } from './reply-phase.js';
import { phrase, type ReplyRule } from './reply-rule.js';
import { ADVICE, DOES } from './reply-texts.js';

const MESSAGE: readonly ReplyPhase[] = ['mail', 'rcpt', 'data'];
const SESSION: readonly ReplyPhase[] = ['auth', ...MESSAGE];

/** What SendGrid's relay is known to say, told by its text. */
export const KNOWN_REPLIES: readonly ReplyRule[] = [
  {
    example: '451 Authentication failed: Maximum credits exceeded',
    phases: SESSION,
    codes: ['4xx'],
    pattern: phrase('maximum credits exceeded'),
    fault: { kind: 'account', state: 'paused' },
    retryable: true,
    meaning: 'The account has used up the mails of its plan.',
    does: DOES.pause,
    advice:
      'Buy credits or a larger plan in the SendGrid console; a free plan begins anew the next day (UTC).',
  },
  {
    example: '451 Authentication failed: Could not authenticate',
    phases: ['auth'],
    codes: ['4xx'],
    pattern: phrase('could not authenticate'),
    fault: { kind: 'account', state: 'paused' },
    retryable: true,
    meaning:
      "The account does not allow the IP address that the application connects from, or SendGrid's log-in is in trouble.",
    does: DOES.pause,
    advice:
      'Allow the address under IP Access Management in the SendGrid console; where it is allowed, wait.',
  },
  {
    example: "451 You've exceeded your messaging limits",
    phases: SESSION,
    codes: ['4xx'],
    pattern: phrase('messaging limits'),
    fault: { kind: 'account', state: 'paused' },
    retryable: true,
    meaning: 'The account has sent more than SendGrid lets it send for now.',
    does: DOES.pause,
    advice:
      'Ask SendGrid support to raise the limit; `rateLimit` keeps an application below it.',
  },
  {
    example:
      '535 Authentication failed: The provided authorization grant is invalid, expired, or revoked',
    phases: ['auth'],
    codes: [535],
    pattern: phrase('authorization grant'),
    fault: { kind: 'account', state: 'refused' },
    retryable: false,
    meaning: 'The API key is wrong, incomplete, revoked, or of another region.',
    does: DOES.refuse,
    advice: ADVICE.checkKey,
  },
  {
    example: '535 Authentication failed: Bad username / password',
    phases: ['auth'],
    codes: [535],
    pattern: phrase('bad username'),
    fault: { kind: 'account', state: 'refused' },
    retryable: false,
    meaning: 'SendGrid does not know what it was given as an API key.',
    does: DOES.refuse,
    advice: ADVICE.checkKey,
  },
  {
    example: '550 Unauthenticated senders not allowed',
    phases: MESSAGE,
    codes: ['5xx'],
    pattern: phrase('unauthenticated senders'),
    fault: { kind: 'account', state: 'paused' },
    retryable: false,
    meaning: 'For SendGrid the connection is not logged in.',
    does: DOES.pause,
    advice: ADVICE.logIn,
  },
  {
    example:
      '550 The from address does not match a verified Sender Identity. Mail cannot be sent until this error is resolved. Visit https://sendgrid.com/docs/for-developers/sending-email/sender-identity/ to see the Sender Identity requirements',
    phases: MESSAGE,
    codes: ['5xx'],
    pattern: phrase('verified sender identity'),
    fault: { kind: 'sender' },
    retryable: false,
    meaning: 'Neither the From address nor its domain is verified.',
    does: DOES.pauseSender,
    advice:
      'Authenticate the domain of the From address, or verify the address, under Sender Authentication in the SendGrid console.',
  },
  {
    example: '403 You are not authorized to send from that email address',
    phases: MESSAGE,
    codes: [403],
    fault: { kind: 'sender' },
    retryable: false,
    meaning:
      'The account may not send from this address. Final, though it begins with a 4.',
    does: DOES.pauseSender,
    advice:
      'Send from an address that is verified under Sender Authentication in the SendGrid console.',
  },
  {
    example: '501 Recipient syntax error',
    phases: ['rcpt'],
    codes: ['5xx'],
    pattern: phrase('recipient syntax error'),
    fault: { kind: 'recipient' },
    retryable: false,
    meaning:
      'SendGrid cannot read the address; it takes none outside ASCII, and no stray dots.',
    does: DOES.rejectRecipient,
    advice: 'Correct the address: as it is, it will be refused again.',
  },
  {
    example: '421 Timeout waiting for data from client',
    phases: SESSION,
    codes: [421],
    pattern: phrase('timeout waiting for data'),
    fault: { kind: 'connection' },
    retryable: true,
    meaning: 'The connection was idle for longer than SendGrid waits.',
    does: DOES.move,
    advice: 'Send it again; a smaller `pool.idleTimeoutMs` avoids it.',
  },
];
