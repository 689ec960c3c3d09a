import { describe, expect, it } from 'vitest';
import {
  playEarlyReply,
  type EarlyCase,
} from '../../support/adversary/early-reply.js';
import { whole } from '../../support/adversary/transcript.js';
import { MODES } from '../../support/adversary/ways.js';

const CASES = MODES.flatMap((mode) =>
  (['none', 'implicit'] as const).flatMap((security) => [
    { mode, security, reads: true },
    { mode, security, reads: false },
  ]),
);

const isPlain = ({ security, reads }: EarlyCase): boolean =>
  security === 'none' && reads;

const BODY = expect.stringMatching(/^Subject: 2\r\n\r\nHello 2\r\nx*$/);

const REPLIES = [
  ['552 too large', 'rejected by 552 to DATA', ['<1>', '<3>']],
  ['451 no space', 'rejected by 451 to DATA', ['<1>', '<3>']],
  ['421 closing', 'accepted at attempt 2', ['<1>', '<2>', '<3>']],
  ['250 already', 'accepted at attempt 2', ['<1>', '<2>', '<3>']],
  ['low disk space', 'accepted at attempt 2', ['<1>', '<2>', '<3>']],
] as const;

describe.each(REPLIES)('%s inside a large body', (reply, verdict, accepted) => {
  // The others take the same way: once in each mode is enough.
  const cases = reply.startsWith('552') ? CASES : CASES.filter(isPlain);

  it.each(cases)(
    'ends the body there and the connection, pipelining $mode, $security, server reads on: $reads',
    async (given) => {
      const played = await playEarlyReply(given, `${reply}\r\n`);

      const rest = accepted.length === 3 ? whole(2, 3) : whole(3);
      expect(played).toEqual({
        verdicts: ['accepted', verdict, 'accepted'],
        accepted,
        wire: [`${whole(1)} MAIL RCPT RCPT DATA ...`, `${rest} QUIT`],
        body: BODY,
      });
    },
  );
});
