import { describe, expect, it } from 'vitest';
import { toSecond, type Answers } from '../../support/adversary/answers.js';
import { describeRows, type Row } from '../../support/adversary/rows.js';
import { playSession, type Played } from '../../support/adversary/session.js';
import { begins, ENVELOPE, whole } from '../../support/adversary/transcript.js';
import { GROUPED, MODES, type Mode } from '../../support/adversary/ways.js';
import type { Answer } from '../../support/scripted-server/conversation-events.js';

/** Message 2 is refused, and the RSET behind that is answered so. */
const withReset = (reset: Answer): Answers => ({
  MAIL: '553 not you',
  RCPT: ['503 no sender', '503 no sender'],
  DATA: '503 no sender',
  RSET: reset,
});

const wireTo = (mode: Mode): string =>
  mode === 'off'
    ? `${whole(1)} MAIL RSET`
    : `${whole(1)} ${ENVELOPE} RSET ${ENVELOPE}`;

/** The refusal stands, and message 3, of which no body was sent, moves. */
const moved = (mode: Mode, wire = wireTo(mode)): Played => ({
  verdicts: [
    'accepted',
    'rejected by 553 to MAIL FROM',
    'accepted at attempt 2',
  ],
  accepted: ['<1>', '<3>'],
  wire: [wire, `${whole(3)} QUIT`],
});

const FAULTS: readonly (readonly [string, Answer])[] = [
  ['421', '421 closing'],
  ['421 and the end', { say: '421 closing', then: 'fin' }],
  ['a refusal', '500 what?'],
  ['a refusal for now', '451 later'],
  ['a stray line', 'low disk space'],
  ['a code that changes', '250-first\r\n251 second'],
  ['a reply of no meaning here', '334 more'],
  ['the end', { say: '', then: 'fin' }],
  ['the end without close_notify', { say: '', then: 'bare-fin' }],
  ['a reset', { say: '', then: 'reset' }],
];

const faults = FAULTS.map(([what, answer]): Row => ({
  row: `RSET answered by ${what}: message 2 stays rejected, message 3 moves`,
  answers: withReset(answer),
  outcome: (mode) => moved(mode),
}));

const surplus: readonly Row[] = [
  {
    row: 'a surplus 250 behind the reply to RSET: destroyed, nobody misled',
    answers: withReset('250 reset\r\n250 again'),
    outcome: (mode) =>
      // One command at a time, it takes some to see that replies are ahead.
      moved(mode, mode === 'off' ? begins(wireTo(mode)) : wireTo(mode)),
  },
  {
    row: 'a surplus refusal behind the reply to RSET: destroyed, nobody misled',
    answers: withReset('250 reset\r\n550 again'),
    modes: GROUPED,
    outcome: (mode) => moved(mode),
  },
];

describeRows([...faults, ...surplus]);

describe.concurrent.each(MODES)('pipelining %s', (mode) => {
  it.each(['none', 'implicit'] as const)(
    'RSET met by silence: message 3 moves after commandMs, %s',
    async (security) => {
      const played = await playSession({
        mode,
        security,
        pieces: 'whole',
        script: toSecond(withReset(''), mode),
        options: {
          pool: { maxConnections: 1, pipelining: mode },
          timeouts: { greetingMs: 8000, commandMs: 700, acceptMs: 8000 },
        },
      });

      expect(played).toEqual(moved(mode));
    },
  );
});
