import type { Pieces } from '../../support/scripted-server/outbox.js';
import { describeRows, type Row } from '../../support/adversary/rows.js';
import { ENVELOPE, whole } from '../../support/adversary/transcript.js';

const ENDLESS = [
  ['a line without end', `250 ${'x'.repeat(4200)}`],
  ['a line of 4,097 bytes', `250 ${'x'.repeat(4093)}`],
  ['a reply without end', '250-more\r\n'.repeat(8300)],
] as const;

/** Thousands of lines take too long in pieces. */
const piecesOf = (reply: string): readonly Pieces[] =>
  reply.length > 10_000 ? ['whole'] : ['whole', 'split'];

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

const tooLong = ENDLESS.flatMap(([what, reply]): Row[] => [
  {
    row: `${what} to MAIL: destroyed, not sent`,
    answers: { MAIL: reply },
    pieces: piecesOf(reply),
    outcome: moved('MAIL'),
  },
  {
    row: `${what} to DATA: destroyed, not sent`,
    answers: { DATA: reply },
    pieces: piecesOf(reply),
    outcome: moved(ENVELOPE),
  },
  {
    row: `${what} to the final dot: destroyed, unknown`,
    answers: { DOT: reply },
    pieces: piecesOf(reply),
    outcome: (mode) => ({
      verdicts: [
        'accepted',
        'unknown',
        mode === 'oneflight' ? 'accepted at attempt 2' : 'accepted',
      ],
      accepted: ['<1>', '<2>', '<3>'],
      wire: [
        mode === 'oneflight' ? `${whole(1, 2)} ${ENVELOPE}` : whole(1, 2),
        `${whole(3)} QUIT`,
      ],
    }),
  },
]);

/** Long, and within bounds. */
const longEnough = [
  ['a line of 4,096 bytes', `250 ${'x'.repeat(4092)}`],
  ['a reply of 6,000 lines', `${'250-more\r\n'.repeat(6000)}250 done`],
] as const;

const taken = longEnough.map(([what, reply]): Row => ({
  row: `${what} to MAIL: taken`,
  answers: { MAIL: reply },
  pieces: piecesOf(reply),
  outcome: () => ({
    verdicts: ['accepted', 'accepted', 'accepted'],
    accepted: ['<1>', '<2>', '<3>'],
    wire: [`${whole(1, 2, 3)} QUIT`],
  }),
}));

describeRows([...tooLong, ...taken]);
