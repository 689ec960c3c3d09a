import { describeRows, type Row } from '../../support/adversary/rows.js';
import { ENVELOPE, whole } from '../../support/adversary/transcript.js';

const GOOD = 'accepted';

/** Message 2 ends with `verdict`, having written `wire`; RSET comes next. */
const reset =
  (verdict: string, lockstep: string): Row['outcome'] =>
  (mode) => {
    const envelope = mode === 'off' ? lockstep : ENVELOPE;
    return {
      verdicts: [GOOD, verdict, GOOD],
      accepted: ['<1>', '<3>'],
      wire: [`${whole(1)} ${envelope} RSET ${whole(3)} QUIT`],
    };
  };

const rows: readonly Row[] = [
  {
    row: 'MAIL 2xx, at least one RCPT 2xx, DATA 354: sent to those',
    answers: { RCPT: [undefined, '550 no such user'] },
    outcome: () => ({
      verdicts: [GOOD, 'accepted, not b@', GOOD],
      accepted: ['<1>', '<2>', '<3>'],
      wire: [`${whole(1, 2, 3)} QUIT`],
    }),
  },
  {
    row: 'MAIL 2xx, all RCPT 5xx, DATA 5xx: rejected, RSET first',
    answers: { RCPT: ['550 no', '551 moved'], DATA: '554 no recipients' },
    outcome: reset('rejected by 550 to RCPT TO', 'MAIL RCPT RCPT'),
  },
  {
    row: 'MAIL 2xx, all RCPT 4xx, DATA 4xx: rejected for now, RSET first',
    answers: { RCPT: ['452 full', '450 busy'], DATA: '451 no recipients' },
    outcome: reset('rejected by 452 to RCPT TO', 'MAIL RCPT RCPT'),
  },
  {
    row: 'MAIL 2xx, all RCPT refused, DATA 503: rejected, RSET first',
    answers: { RCPT: ['550 no', '450 busy'], DATA: '503 no recipients' },
    outcome: reset('rejected by 550 to RCPT TO', 'MAIL RCPT RCPT'),
  },
  ...['503 no sender', '554 no sender', '530 no sender'].map((data): Row => ({
    row: `MAIL 5xx, RCPT 503, DATA ${data.slice(0, 3)}: MAIL is the reason, RSET first`,
    answers: {
      MAIL: '553 not you',
      RCPT: ['503 no sender', '503 no sender'],
      DATA: data,
    },
    outcome: reset('rejected by 553 to MAIL FROM', 'MAIL'),
  })),
  {
    row: 'MAIL 4xx, RCPT 503, DATA 503: MAIL is the reason, RSET first',
    answers: { MAIL: '451 later', RCPT: ['503 no', '503 no'], DATA: '503 no' },
    outcome: reset('rejected by 451 to MAIL FROM', 'MAIL'),
  },
  {
    row: 'RCPT ok, DATA 5xx: rejected, RSET first',
    answers: { DATA: '554 no' },
    outcome: reset('rejected by 554 to DATA', ENVELOPE),
  },
  {
    row: 'RCPT ok, DATA 4xx: rejected for now, RSET first',
    answers: { DATA: '451 later' },
    outcome: reset('rejected by 451 to DATA', ENVELOPE),
  },
  {
    row: 'a final dot with 5xx: rejected, the connection lives',
    answers: { DOT: '554 spam' },
    outcome: () => ({
      verdicts: [GOOD, 'rejected by 554 to DATA', GOOD],
      accepted: ['<1>', '<3>'],
      wire: [`${whole(1, 2, 3)} QUIT`],
    }),
  },
  {
    row: 'a final dot with 4xx: rejected for now, the connection lives',
    answers: { DOT: '452 full' },
    outcome: () => ({
      verdicts: [GOOD, 'rejected by 452 to DATA', GOOD],
      accepted: ['<1>', '<3>'],
      wire: [`${whole(1, 2, 3)} QUIT`],
    }),
  },
];

describeRows(rows);
