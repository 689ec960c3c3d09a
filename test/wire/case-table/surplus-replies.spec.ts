import { expect } from 'vitest';
import { describeRows, type Row } from '../../support/adversary/rows.js';
import { GROUPED } from '../../support/adversary/ways.js';
import { begins, ENVELOPE, whole } from '../../support/adversary/transcript.js';

// An asymmetric matcher: `toEqual` takes it for any string that fits.
const accepted = expect.stringMatching(
  /^accepted(?: at attempt [23])?$/,
) as string;

/**
 * Message 2 is told `second`, whatever is true; message 3 goes out once, and
 * the connection with the surplus reply carries no further body.
 */
const shifted =
  (second: string, third: string, taken: readonly string[]): Row['outcome'] =>
  () => ({
    verdicts: ['accepted', second, third],
    accepted: taken,
    wire: [begins(`${whole(1, 2)}(?! .*<)`), `${whole(3)} QUIT`],
  });

const ALL = ['<1>', '<2>', '<3>'];

const rows: readonly Row[] = [
  {
    row: 'a surplus 250 behind the reply to the dot: destroyed, nobody misled',
    answers: { DOT: '250 Ok: queued as id\r\n250 again' },
    outcome: shifted('accepted', accepted, ALL),
  },
  {
    row: 'a surplus 354 behind the reply to the dot: destroyed, nobody misled',
    answers: { DOT: '250 Ok: queued as id\r\n354 again' },
    outcome: shifted('accepted', accepted, ALL),
  },
  {
    row: 'a surplus 250 before a refusal of the dot: message 2 alone is misled',
    answers: { DOT: '250 busy\r\n450 no' },
    modes: GROUPED,
    outcome: shifted('accepted', accepted, ALL),
  },
  {
    row: 'a surplus 550 before the reply to the dot: message 2 alone is misled',
    answers: { DOT: '550 no\r\n250 Ok: queued as id' },
    outcome: shifted('rejected by 550 to DATA', accepted, ['<1>', '<3>']),
  },
  {
    row: 'a surplus 250 with 354: seen before the body is sent, message 2 moves',
    answers: { DATA: '354 go\r\n250 early' },
    pieces: ['whole'],
    outcome: () => ({
      verdicts: ['accepted', 'accepted at attempt 2', 'accepted'],
      accepted: ALL,
      wire: [`${whole(1)} ${ENVELOPE}`, `${whole(2, 3)} QUIT`],
    }),
  },
  {
    row: 'a surplus 250 after 354: taken for the reply to the dot, message 2 alone is misled',
    answers: { DATA: '354 go\r\n250 early', DOT: '451 no' },
    modes: GROUPED,
    pieces: ['bytes'],
    outcome: shifted('accepted', accepted, ['<1>', '<3>']),
  },
  {
    row: 'a surplus refusal with the reply to the dot: seen before message 3, nobody misled',
    answers: { DOT: '250 Ok: queued as id\r\n550 again' },
    modes: ['off', 'envelope'],
    pieces: ['whole'],
    outcome: shifted('accepted', 'accepted', ALL),
  },
  {
    row: 'a surplus refusal after the reply to the dot: taken for the next that is due, to MAIL of message 3',
    answers: { DOT: '250 Ok: queued as id\r\n550 again' },
    modes: ['off'],
    pieces: ['bytes'],
    outcome: () => ({
      verdicts: ['accepted', 'accepted', 'rejected by 550 to MAIL FROM'],
      accepted: ['<1>', '<2>'],
      wire: [begins(`${whole(1, 2)} MAIL`)],
    }),
  },
  {
    row: 'a 421 with the reply to the dot: seen before message 3, nobody misled',
    answers: { DOT: '250 Ok: queued as id\r\n421 closing' },
    modes: ['off', 'envelope'],
    pieces: ['whole'],
    outcome: shifted('accepted', 'accepted', ALL),
  },
  ...['550 again', '503 again'].map((refusal): Row => ({
    row: `a surplus ${refusal.slice(0, 3)} behind the reply to the dot, with an envelope behind that: message 3 moves, nobody misled`,
    answers: { DOT: `250 Ok: queued as id\r\n${refusal}` },
    modes: ['oneflight'],
    outcome: () => ({
      verdicts: ['accepted', 'accepted', accepted],
      accepted: ALL,
      wire: [begins(`${whole(1, 2)} ${ENVELOPE}(?! .*<)`), `${whole(3)} QUIT`],
    }),
  })),
  ...(
    [
      ['MAIL', { MAIL: '250 ok\r\n250 ok' }],
      ['the first RCPT', { RCPT: ['250 ok\r\n250 ok', undefined] }],
      ['the last RCPT', { RCPT: [undefined, '250 ok\r\n250 ok'] }],
      ['DATA', { DATA: '250 ok\r\n354 go' }],
    ] as const
  ).map(([step, answers]): Row => ({
    row: `a surplus 250 before the reply to ${step}: destroyed, message 2 moves`,
    answers,
    outcome: (mode) => ({
      verdicts: ['accepted', 'accepted at attempt 2', 'accepted'],
      accepted: ALL,
      wire: [
        begins(
          `${whole(1)} ${mode === 'off' ? 'MAIL RCPT RCPT' : ENVELOPE}(?! .*<)`,
        ),
        `${whole(2, 3)} QUIT`,
      ],
    }),
  })),
];

describeRows(rows);
