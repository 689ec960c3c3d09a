import { describeRows, type Row } from '../../support/adversary/rows.js';
import { ENVELOPE, whole } from '../../support/adversary/transcript.js';
import { GROUPED } from '../../support/adversary/ways.js';

const ALL_REFUSED = ['550 no', '550 no'] as const;

/** Message 2 is rejected after a lone dot, and the connection is not trusted. */
const closed = (verdict: string, accepted: readonly string[]) => () => ({
  verdicts: ['accepted', verdict, 'accepted'],
  accepted,
  wire: [`${whole(1)} ${ENVELOPE} .`, `${whole(3)} QUIT`],
});

const BY_RCPT = 'rejected by 550 to RCPT TO';
const BY_MAIL = 'rejected by 553 to MAIL FROM';

const rows: readonly Row[] = [
  {
    row: 'all RCPT refused, DATA 354: lone dot, refused with 5xx: the connection lives',
    answers: { RCPT: ALL_REFUSED, lone: '554 no recipients' },
    modes: GROUPED,
    outcome: () => ({
      verdicts: ['accepted', BY_RCPT, 'accepted'],
      accepted: ['<1>', '<3>'],
      wire: [`${whole(1)} ${ENVELOPE} . ${whole(3)} QUIT`],
    }),
  },
  {
    row: 'all RCPT refused, DATA 354: lone dot, refused with 4xx: the connection lives',
    answers: { RCPT: ALL_REFUSED, lone: '451 no recipients' },
    modes: GROUPED,
    outcome: () => ({
      verdicts: ['accepted', BY_RCPT, 'accepted'],
      accepted: ['<1>', '<3>'],
      wire: [`${whole(1)} ${ENVELOPE} . ${whole(3)} QUIT`],
    }),
  },
  {
    row: 'all RCPT refused, DATA 354: lone dot, 2xx: counts as not sent, close',
    answers: { RCPT: ALL_REFUSED },
    modes: GROUPED,
    outcome: closed(BY_RCPT, ['<1>', '.', '<3>']),
  },
  {
    row: 'all RCPT refused, DATA 354: lone dot, 354 again: counts as not sent, close',
    answers: { RCPT: ALL_REFUSED, lone: '354 more' },
    modes: GROUPED,
    outcome: closed(BY_RCPT, ['<1>', '<3>']),
  },
  {
    row: 'all RCPT refused, DATA 354: lone dot, 421: counts as not sent, close',
    answers: {
      RCPT: ALL_REFUSED,
      lone: { say: '421 closing', then: 'fin' },
    },
    modes: GROUPED,
    outcome: closed(BY_RCPT, ['<1>', '<3>']),
  },
  {
    row: 'all RCPT refused, DATA 354: lone dot, then nothing but the end: counts as not sent',
    answers: { RCPT: ALL_REFUSED, lone: { say: '', then: 'reset' } },
    modes: GROUPED,
    outcome: closed(BY_RCPT, ['<1>', '<3>']),
  },
  {
    row: 'MAIL and all RCPT refused, DATA 354: lone dot, 5xx, then close',
    answers: { MAIL: '553 not you', RCPT: ALL_REFUSED, lone: '554 nothing' },
    modes: GROUPED,
    outcome: closed(BY_MAIL, ['<1>', '<3>']),
  },
  {
    row: 'MAIL and all RCPT refused, DATA 354: lone dot, 2xx, then close',
    answers: { MAIL: '553 not you', RCPT: ALL_REFUSED },
    modes: GROUPED,
    outcome: closed(BY_MAIL, ['<1>', '.', '<3>']),
  },
  ...(
    [
      ['both RCPT', {}],
      ['one RCPT', { RCPT: ['550 no', undefined] }],
    ] as const
  ).map(([which, answers]): Row => ({
    row: `MAIL refused, ${which} accepted, DATA 354: no lone dot, which would be a mail; destroy`,
    answers: { MAIL: '553 not you', ...answers },
    modes: GROUPED,
    outcome: () => ({
      verdicts: ['accepted', BY_MAIL, 'accepted'],
      accepted: ['<1>', '<3>'],
      wire: [`${whole(1)} ${ENVELOPE}`, `${whole(3)} QUIT`],
    }),
  })),
];

describeRows(rows);
