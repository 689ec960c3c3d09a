import { describe, expect, it } from 'vitest';
import { toSecond, type Answers } from '../../support/adversary/answers.js';
import { describeRows, type Row } from '../../support/adversary/rows.js';
import { playSession } from '../../support/adversary/session.js';
import { begins, ENVELOPE, whole } from '../../support/adversary/transcript.js';
import { GROUPED, MODES, WAYS } from '../../support/adversary/ways.js';
import type { Script } from '../../support/scripted-server.js';
import type { Answer } from '../../support/scripted-server/conversation-events.js';

/** Message 2 had no body on the wire: it goes to another connection. */
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

/** The dot of message 2 is out; the envelope behind it moves. */
const atDot =
  (verdict: string, accepted: readonly string[]): Row['outcome'] =>
  (mode) => {
    const riding = mode === 'oneflight';
    const third = riding ? 'accepted at attempt 2' : 'accepted';
    const behind = riding ? ` ${ENVELOPE}` : '';
    return {
      verdicts: ['accepted', verdict, third],
      accepted,
      wire: [`${whole(1, 2)}${behind}`, `${whole(3)} QUIT`],
    };
  };

/** No reply but the end. */
const gone = (['fin', 'bare-fin', 'reset'] as const).flatMap((then): Row[] => {
  const silent = { say: '', then };
  const at = (step: string, lockstep: string, answers: Answers): Row => ({
    row: `no reply to ${step}, then ${then}: message 2 is safe to move`,
    answers,
    outcome: moved(lockstep),
  });
  return [
    at('MAIL', 'MAIL', { MAIL: silent }),
    at('the last RCPT', 'MAIL RCPT RCPT', { RCPT: [undefined, silent] }),
    at('DATA', ENVELOPE, { DATA: silent }),
    {
      row: `no reply to the final dot, then ${then}: unknown`,
      answers: { DOT: silent },
      outcome: atDot('unknown', ['<1>', '<3>']),
    },
  ];
});

const CLOSING = { say: '421 closing', then: 'fin' } as const;
const STAYING = { say: '421-busy\r\n421 closing' };

const closing = [CLOSING, STAYING].flatMap((answer): Row[] => {
  const which = answer === CLOSING ? '421 and the end' : '421 of two lines';
  return [
    {
      row: `${which} at MAIL: message 2 is safe to move`,
      answers: { MAIL: answer },
      outcome: moved('MAIL'),
    },
    {
      row: `${which} at the first RCPT: message 2 is safe to move`,
      answers: { RCPT: [answer, undefined] },
      outcome: moved('MAIL RCPT'),
    },
    {
      row: `${which} at the last RCPT: message 2 is safe to move`,
      answers: { RCPT: [undefined, answer] },
      outcome: moved('MAIL RCPT RCPT'),
    },
    {
      row: `${which} at DATA: message 2 is safe to move`,
      answers: { DATA: answer },
      outcome: moved(ENVELOPE),
    },
    {
      row: `${which} at the final dot: message 2 is rejected, for now`,
      answers: { DOT: answer },
      outcome: atDot('rejected by 421 to DATA', ['<1>', '<3>']),
    },
  ];
});

/** The reply has come before the end, so it is read first and counts. */
const counted = (['fin', 'bare-fin'] as const).map((then): Row => ({
  row: `the reply to the final dot, then ${then}: it counts`,
  answers: { DOT: { say: '250 Ok: queued as id', then } },
  outcome: () => ({
    verdicts: ['accepted', 'accepted', 'accepted at attempt 2'],
    accepted: ['<1>', '<2>', '<3>'],
    // How much of message 3 leaves before the end is seen is up to chance.
    wire: [begins(whole(1, 2)), `${whole(3)} QUIT`],
  }),
}));

const ahead: readonly Row[] = [
  {
    row: '421 with 354: seen before the body is sent, message 2 is safe to move',
    answers: { DATA: '354 go\r\n421 closing' },
    pieces: ['whole'],
    outcome: moved(ENVELOPE),
  },
  {
    row: '421 after 354: taken for the reply to the dot, message 2 is rejected, for now',
    answers: { DATA: '354 go\r\n421 closing', DOT: { say: '', then: 'fin' } },
    pieces: ['bytes'],
    outcome: atDot('rejected by 421 to DATA', ['<1>', '<3>']),
  },
];

describeRows([...gone, ...closing, ...counted, ...ahead]);

/** The body leaves in the turn after the go-ahead: unknown, unless the end is seen before. */
describe.concurrent.each(['fin', 'bare-fin'] as const)(
  '354, then %s: unknown once the body has left',
  (then) => {
    for (const mode of MODES) {
      it.each(WAYS)(`pipelining ${mode}, $security, $pieces`, async (way) => {
        const answers = { DATA: { say: '354 go', then } };
        const script = toSecond(answers, mode);

        const played = await playSession({ ...way, mode, script });

        const { verdicts, accepted, wire } = played;
        const copies = accepted.filter((name) => name === '<2>').length;
        // Whether the server still reads what is unknown is up to chance.
        const told = `${verdicts[1]}, taken ${copies} times`;
        expect(told).toMatch(
          /^(unknown, taken [01]|accepted at attempt 2, taken 1) times$/,
        );
        const third = mode === 'oneflight' ? ' at attempt 2' : '';
        expect([verdicts[0], verdicts[2]]).toEqual([
          'accepted',
          `accepted${third}`,
        ]);
        expect(accepted).toEqual(expect.arrayContaining(['<1>', '<3>']));
        expect(wire.at(-1)).toMatch(new RegExp(`${whole(3)} QUIT$`));
      });
    }
  },
);

const AT_QUIT = [
  ['421', '421 closing\r\n'],
  ['421 and the end', { say: '421 closing\r\n', then: 'fin' }],
  ['no reply but the end', { say: '', then: 'fin' }],
  ['no reply but a bare end', { say: '', then: 'bare-fin' }],
] as const;

describe.concurrent.each(AT_QUIT)(
  'at a QUIT that rides behind the dot, %s: the reply to the dot counts',
  (_, answer) => {
    for (const mode of GROUPED) {
      it.each(WAYS)(`pipelining ${mode}, $security, $pieces`, async (way) => {
        const pool = {
          maxConnections: 1,
          maxMessagesPerConnection: 1,
          pipelining: mode,
        };
        const script = behindDot(answer);

        const played = await playSession({
          ...way,
          mode,
          script,
          options: { pool },
        });

        expect(played).toEqual({
          verdicts: ['accepted', 'accepted', 'accepted'],
          accepted: ['<1>', '<2>', '<3>'],
          wire: [1, 2, 3].map((n) => `${whole(n)} QUIT`),
        });
      });
    }
  },
);

/** Answers the dot of connection 1 once QUIT is here, and that with `answer`. */
function behindDot(answer: Answer): Script {
  let release: (() => void) | undefined;
  return ({ event, connection }) => {
    if (connection !== 1) return undefined;
    if (event === 'QUIT') release?.();
    if (event === 'QUIT') return answer;
    if (event !== 'DOT') return undefined;
    const after = new Promise<void>((resolve) => {
      release = resolve;
    });
    return { say: '250 Ok: queued as id\r\n', after };
  };
}
