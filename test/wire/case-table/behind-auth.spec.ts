import { beforeEach, describe, expect, vi } from 'vitest';
import { holdAuthOf, type Answers } from '../../support/adversary/answers.js';
import {
  describeBehindAuth,
  inEveryPlace,
  MOVED,
  outcome,
  type Fate,
} from '../../support/adversary/behind-auth.js';
import { SET_UP_FAULTS } from '../../support/adversary/set-up-faults.js';
import { ENVELOPE } from '../../support/adversary/transcript.js';
import { SET_UP_WAYS } from '../../support/adversary/ways.js';
import type { Said, Script } from '../../support/scripted-server.js';
import type { Answer } from '../../support/scripted-server/conversation-events.js';

// A new connection is tried at once: the back-off is drawn from zero up.
beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
});

type Row = readonly [string, Answers, Fate | typeof MOVED];

/** Where nothing is said there is nothing to cut. */
const UNCUT = SET_UP_WAYS.filter(({ pieces }) => pieces === 'whole');

const refused = (verdict: string): Fate => ({
  verdict,
  took: 'nothing',
  then: 'resets',
  wire: ENVELOPE,
});

const NO = ['550 no', '550 no'] as const;
const BUSY = ['452 full', '450 busy'] as const;
const BY_RCPT = 'rejected by 550 to RCPT TO';
const BY_MAIL = 'rejected by 553 to MAIL FROM';

const refusals: readonly Row[] = [
  [
    'all RCPT 5xx, DATA 5xx: rejected, RSET first',
    { RCPT: NO, DATA: '554 no recipients' },
    refused(BY_RCPT),
  ],
  [
    'all RCPT 4xx, DATA 4xx: rejected for now, RSET first',
    { RCPT: BUSY, DATA: '451 no recipients' },
    refused('rejected by 452 to RCPT TO'),
  ],
  [
    'MAIL 5xx, RCPT 503, DATA 503: MAIL is the reason, RSET first',
    { MAIL: '553 not you', RCPT: ['503 no', '503 no'], DATA: '503 no' },
    refused(BY_MAIL),
  ],
  [
    'MAIL 4xx, RCPT 503, DATA 503: MAIL is the reason, RSET first',
    { MAIL: '451 later', RCPT: ['503 no', '503 no'], DATA: '503 no' },
    refused('rejected by 451 to MAIL FROM'),
  ],
  [
    'RCPT ok, DATA 5xx: rejected, RSET first',
    { DATA: '554 no' },
    refused('rejected by 554 to DATA'),
  ],
  [
    'RCPT ok, DATA 4xx: rejected for now, RSET first',
    { DATA: '451 later' },
    refused('rejected by 451 to DATA'),
  ],
];

const served: readonly Row[] = [
  [
    'one RCPT refused: sent to the other',
    { RCPT: [undefined, '550 no such user'] },
    ...lives('accepted, not b@', 'body'),
  ],
  [
    'a final dot with 5xx: rejected, the connection lives',
    { DOT: '554 spam' },
    ...lives('rejected by 554 to DATA', 'nothing'),
  ],
];

function lives(verdict: string, took: Fate['took']): readonly [Fate] {
  // The body carries the number of the message, whichever it is.
  return [{ verdict, took, then: 'lives', wire: `${ENVELOPE} BODY` }];
}

const lone = (
  verdict: string,
  took: Fate['took'],
  then: Fate['then'],
): Fate => ({ verdict, took, then, wire: `${ENVELOPE} .` });

const goAheads: readonly Row[] = [
  [
    'all RCPT refused, DATA 354: lone dot, 5xx: the connection lives',
    { RCPT: NO, lone: '554 no recipients' },
    lone(BY_RCPT, 'nothing', 'lives'),
  ],
  [
    'all RCPT refused, DATA 354: lone dot, 2xx: counts as not sent, close',
    { RCPT: NO },
    lone(BY_RCPT, 'empty', 'closes'),
  ],
  [
    'all RCPT refused, DATA 354: lone dot, then nothing but the end: counts as not sent',
    { RCPT: NO, lone: { say: '', then: 'reset' } },
    lone(BY_RCPT, 'nothing', 'closes'),
  ],
  [
    'MAIL and all RCPT refused, DATA 354: lone dot, 5xx, then close',
    { MAIL: '553 not you', RCPT: NO, lone: '554 nothing' },
    lone(BY_MAIL, 'nothing', 'closes'),
  ],
  [
    'MAIL refused, one RCPT accepted, DATA 354: no lone dot; destroy',
    { MAIL: '553 not you', RCPT: ['550 no', undefined] },
    { verdict: BY_MAIL, took: 'nothing', then: 'closes', wire: ENVELOPE },
  ],
];

const at = (step: string, answer: NonNullable<Answer>): Answers => {
  if (step === 'RCPT') return { RCPT: [undefined, answer] };
  return { [step]: answer };
};

const STEPS = ['MAIL', 'RCPT', 'DATA'] as const;

const odd = STEPS.flatMap((step) =>
  ['199 wait', 'low disk space', '250-first\r\n251 second'].map(
    (reply): Row => [
      `${step} answered ${JSON.stringify(reply)}: destroy, not sent`,
      at(step, reply),
      MOVED,
    ],
  ),
);

const moved = (
  ends: readonly (readonly [string, NonNullable<Answer>])[],
): readonly Row[] =>
  STEPS.flatMap((step) =>
    ends.map(([what, answer]): Row => [
      `${what} at ${step}: safe to move`,
      at(step, answer),
      MOVED,
    ]),
  );

const closing = moved([
  ['421', { say: '421 closing' }],
  ['421 and the end', { say: '421 closing', then: 'fin' }],
]);

const gone = moved([
  ['no reply but the end', { say: '', then: 'fin' }],
  ['no reply but a bare end', { say: '', then: 'bare-fin' }],
  ['no reply but a reset', { say: '', then: 'reset' }],
]);

describe('an envelope behind AUTH', () => {
  describeBehindAuth([
    ...refusals,
    ...served,
    ...goAheads,
    ['DATA answered 250: destroy, not sent', { DATA: '250 sure' }, MOVED],
    ...odd,
    ...closing,
  ]);
  describeBehindAuth(gone, UNCUT);
});

/** As the server usually does, but for one event on one connection. */
function scriptFor(
  connection: number,
  answerTo: (said: Said) => Answer,
): Script {
  const hold = holdAuthOf(connection);
  return (said) => {
    const after = hold(said);
    const answer = said.connection === connection ? answerTo(said) : undefined;
    if (after === undefined) return answer;
    if (typeof answer === 'object') return { ...answer, after };
    return { say: answer ?? '235 ok\r\n', after };
  };
}

describe.each(SET_UP_FAULTS)(
  '%s for a reply to AUTH with an envelope behind it: safe to move',
  (_, answer, pieces) => {
    inEveryPlace(
      SET_UP_WAYS.filter((way) => pieces.includes(way.pieces)),
      ({ nth }) =>
        scriptFor(nth, ({ event }) => (event === 'AUTH' ? answer : undefined)),
      (place) => outcome(place, MOVED),
    );
  },
);

const EHLO = [
  '250-smtp.test\r\n250-PIPELINING\r\n250 AUTH PLAIN\r\n',
  '250-smtp.test\r\n250-PIPELINING\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n',
] as const;

const USUAL: Partial<Record<string, (said: Said, tls: boolean) => string>> = {
  GREETING: () => '220 ready\r\n',
  EHLO: ({ secure }, tls) => EHLO[tls && !secure ? 1 : 0],
  AUTH: () => '235 ok\r\n',
};

const SURPLUS = ['GREETING', 'EHLO', 'AUTH'].flatMap((event) =>
  ['220 more', '235 more', '250 more', '550 more'].map(
    (reply) => [event, reply] as const,
  ),
);

/** An asymmetric matcher: `toMatchObject` takes it for any string that fits. */
const like = (pattern: RegExp): string =>
  expect.stringMatching(pattern) as string;

describe.each(SURPLUS)(
  'a surplus reply to %s, %s: destroyed, nobody misled',
  (event, reply) => {
    inEveryPlace(
      SET_UP_WAYS,
      ({ nth }, { security }) =>
        scriptFor(nth, (said) => {
          if (said.event !== event) return undefined;
          const usual = USUAL[event]?.(said, security === 'starttls');
          return `${usual}${reply}\r\n`;
        }),
      (place) => {
        const { verdicts, accepted, wire } = outcome(place, MOVED);
        const index = place.nth - 1;
        // Whether the envelope had left when the surplus was seen is up to
        // chance. `...` is the start of TLS, behind a surplus 220.
        const begun = like(/^(?:MAIL RCPT RCPT DATA|\.\.\.)?$/);
        return {
          verdicts: verdicts.with(index, like(/^accepted(?: at attempt 2)?$/)),
          accepted,
          wire: wire.with(index, begun),
        };
      },
    );
  },
);
