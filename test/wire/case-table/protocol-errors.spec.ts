import { describeRows, type Row } from '../../support/adversary/rows.js';
import { ENVELOPE, whole } from '../../support/adversary/transcript.js';
import type { Mode } from '../../support/adversary/ways.js';

/** Message 2 is certainly not sent: it goes out again on another connection. */
const moved =
  (lockstep: string): Row['outcome'] =>
  (mode) => ({
    verdicts: ['accepted', 'accepted at attempt 2', 'accepted'],
    accepted: ['<1>', '<2>', '<3>'],
    wire: [
      `${whole(1)} ${mode === 'off' ? lockstep : ENVELOPE}`,
      `${whole(2, 3)} QUIT`,
    ],
  });

/** The body of message 2 was written and nothing tells what became of it. */
const unknown: Row['outcome'] = (mode: Mode) => {
  const behind = mode === 'oneflight' ? ` ${ENVELOPE}` : '';
  const third = mode === 'oneflight' ? 'accepted at attempt 2' : 'accepted';
  return {
    verdicts: ['accepted', 'unknown', third],
    accepted: ['<1>', '<3>'],
    wire: [`${whole(1, 2)}${behind}`, `${whole(3)} QUIT`],
  };
};

const unexpected: readonly Row[] = ['250 sure', '199 wait', '334 more'].flatMap(
  (reply): Row[] => [
    {
      row: `DATA answered ${reply.slice(0, 3)}: protocol error, destroy, not sent`,
      answers: { DATA: reply },
      outcome: moved(ENVELOPE),
    },
    ...(reply.startsWith('2')
      ? []
      : [
          {
            row: `MAIL answered ${reply.slice(0, 3)}: protocol error, destroy, not sent`,
            answers: { MAIL: reply },
            outcome: moved('MAIL'),
          },
          {
            row: `the final dot answered ${reply.slice(0, 3)}: protocol error, destroy, unknown`,
            answers: { DOT: reply },
            outcome: unknown,
          },
        ]),
  ],
);

/** What a server may send in place of a reply. */
const NO_REPLY: readonly (readonly [what: string, line: string])[] = [
  ['a stray line', 'warning: low disk space'],
  ['a code that changes in a multi-line reply', '250-first\r\n251 second'],
  ['an empty line', '\r\n'],
  ['a code of two digits', '25 ok'],
  ['a code of four digits', '2500 ok'],
  ['a code above 599', '600 ok'],
  ['a code without its blank', '250ok'],
  ['a bare LF', '250 ok\nthen more'],
  ['a bare CR', '250 ok\rthen more'],
  ['a change of class', '250-first\r\n550-second\r\n250 third'],
  ['a stray line in a multi-line reply', '250-first\r\nsecond\r\n250 third'],
];

const taken = (line: string): boolean => /^2\d\d[ -]/.test(line);

const atDot = NO_REPLY.map(([what, line]): Row => ({
  row: `${what} for a reply to the final dot: desync, destroy, unknown`,
  answers: { DOT: line },
  outcome: (mode) => ({
    ...unknown(mode),
    accepted: taken(line) ? ['<1>', '<2>', '<3>'] : ['<1>', '<3>'],
  }),
}));

const beforeDot = NO_REPLY.flatMap(([what, line], index): Row[] =>
  (
    [
      ['MAIL', { MAIL: line }, 'MAIL'],
      ['the first RCPT', { RCPT: [line, undefined] }, 'MAIL RCPT'],
      ['the last RCPT', { RCPT: [undefined, line] }, 'MAIL RCPT RCPT'],
      ['DATA', { DATA: line }, ENVELOPE],
    ] as const
  ).map(([step, answers, lockstep]) => ({
    row: `${what} for a reply to ${step}: desync, destroy, not sent`,
    answers,
    // The first two stand for all in how they may be cut.
    ...(index < 2 ? {} : { pieces: ['whole', 'bytes'] as const }),
    outcome: moved(lockstep),
  })),
);

describeRows([...unexpected, ...atDot, ...beforeDot]);
