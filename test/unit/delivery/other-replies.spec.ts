import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { classifyReply } from '../../../lib/delivery/classify-reply.js';
import { OTHER_REPLIES } from '../../../lib/delivery/other-replies.js';
import type { ReplyPhase } from '../../../lib/delivery/reply-phase.js';
import { REPLY_TABLE } from '../../../lib/delivery/reply-table.js';
import { replyOf } from '../../support/reply-of.js';

const PHASES: ReplyPhase[] = ['greeting', 'auth', 'mail', 'rcpt', 'data'];

/** The example of each rule, where it may come and what it says. */
const RULES: [string, ReplyPhase[], scope: string, retryable: boolean][] = [
  ['554 No SMTP service here', ['greeting'], 'connection', true],
  [
    '421 Service not available, closing transmission channel',
    ['auth', 'mail', 'rcpt', 'data'],
    'connection',
    true,
  ],
  ['535 Authentication credentials invalid', ['auth'], 'refused', false],
  ['554 Account suspended', ['auth'], 'paused', false],
  ['454 Temporary authentication failure', ['auth'], 'connection', true],
  ['530 Authentication required', ['mail', 'rcpt', 'data'], 'paused', false],
  [
    '552 Message exceeds the maximum message size',
    ['mail', 'data'],
    'message',
    false,
  ],
  ['450 Mailbox unavailable', ['rcpt'], 'recipient', true],
  ['550 Mailbox unavailable', ['rcpt'], 'recipient', false],
  ['451 Requested action aborted', ['mail', 'data'], 'message', true],
  ['554 Transaction failed', ['mail', 'data'], 'message', false],
];

/** The scope of a reply, or for an account its state. */
function verdict(phase: ReplyPhase, code: number): [string, boolean] {
  const { fault, retryable } = classifyReply(phase, { code, text: 'No' });
  return [fault.kind === 'account' ? fault.state : fault.kind, retryable];
}

describe('a reply with an unknown text', () => {
  it.each(RULES)('such as %s is told by its code', (...expected) => {
    const [line, phases, scope, retryable] = expected;
    const reply = replyOf(line);

    for (const phase of phases) {
      expect(classifyReply(phase, reply).example).toBe(line);
      expect(verdict(phase, reply.code)).toEqual([scope, retryable]);
    }
  });

  it.each<[ReplyPhase, number, string, boolean]>([
    ['greeting', 421, 'connection', true],
    ['greeting', 450, 'connection', true],
    ['auth', 534, 'refused', false],
    ['auth', 538, 'refused', false],
    ['auth', 503, 'paused', false],
    ['auth', 451, 'connection', true],
    ['mail', 535, 'message', false],
    ['mail', 501, 'message', false],
    ['rcpt', 552, 'recipient', false],
    ['data', 403, 'sender', false],
    ['data', 452, 'message', true],
  ])('at %s with %i concerns: %s, retryable: %s', (...expected) => {
    const [phase, code, scope, retryable] = expected;

    expect(verdict(phase, code)).toEqual([scope, retryable]);
  });

  it('has a rule of its own for each of these', () => {
    const tried = RULES.map(([line]) => line);

    expect(OTHER_REPLIES.map(({ example }) => example)).toEqual(tried);
  });
});

describe('the reply table', () => {
  const phase = fc.constantFrom(...PHASES);
  const code = fc.integer({ min: 400, max: 599 });
  const known = fc.constantFrom(
    ...REPLY_TABLE.map(({ example }) => replyOf(example).text),
  );
  const text = fc.oneof(known, fc.string(), fc.string({ unit: 'binary' }));

  it('has exactly one rule for every refusal, whatever its text', () => {
    fc.assert(
      fc.property(phase, code, text, (...[at, given, says]) => {
        const rule = classifyReply(at, { code: given, text: says });

        expect(REPLY_TABLE).toContain(rule);
        expect(rule.phases).toContain(at);
        const digit = given < 500 ? '4xx' : '5xx';
        expect(rule.codes).toSatisfy(
          (codes: unknown[]) => codes.includes(given) || codes.includes(digit),
        );
      }),
    );
  });

  it('never has a final refusal tried again', () => {
    const final = fc.integer({ min: 500, max: 599 });
    const conversation = phase.filter((at) => at !== 'greeting');
    fc.assert(
      fc.property(conversation, final, text, (...[at, given, says]) => {
        const { retryable } = classifyReply(at, { code: given, text: says });

        expect(retryable).toBe(false);
      }),
    );
  });

  it('takes a 421 for the end of a connection, whenever it comes', () => {
    fc.assert(
      fc.property(phase, fc.string(), (at, says) => {
        const { fault } = classifyReply(at, { code: 421, text: says });

        expect(fault).toEqual({ kind: 'connection' });
      }),
    );
  });

  it.each([
    'maximum ',
    'maximum\n5.7.1 credits ',
    'verified sender ',
    'unauthenticated \t\n',
    'authorization 5.5.5 ',
    ' ',
    '5.7.1 ',
  ])('reads long texts made of %j at once', (piece) => {
    const long = piece.repeat(65_536 / piece.length);
    const blank = `${piece}${' '.repeat(65_536)}`;
    const began = performance.now();

    for (const at of PHASES) {
      for (const says of [long, blank]) {
        classifyReply(at, { code: 451, text: says });
        classifyReply(at, { code: 550, text: says });
      }
    }

    expect(performance.now() - began).toBeLessThan(1000);
  });
});
