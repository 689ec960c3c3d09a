import { describe, expect, it } from 'vitest';
import { toSecond, type Answers } from '../../support/adversary/answers.js';
import { playSession } from '../../support/adversary/session.js';
import { ENVELOPE, whole } from '../../support/adversary/transcript.js';
import { GROUPED, MODES, type Mode } from '../../support/adversary/ways.js';

/** Short, for what is never answered; long enough for what is. */
const timeouts = { greetingMs: 8000, commandMs: 700, acceptMs: 700 };

const SILENT = '';

/** Where a reply is left out, later ones coming as usual. */
const MISSING: readonly (readonly [string, Answers])[] = [
  ['MAIL', { MAIL: SILENT }],
  ['the first RCPT', { RCPT: [SILENT, undefined] }],
  ['the last RCPT', { RCPT: [undefined, SILENT] }],
  ['DATA', { DATA: SILENT }],
  ['DATA, all RCPT refused', { RCPT: ['550 no', '550 no'], DATA: SILENT }],
];

const play = (mode: Mode, security: 'none' | 'implicit', answers: Answers) =>
  playSession({
    mode,
    security,
    pieces: 'whole',
    script: toSecond(answers, mode),
    options: { pool: { maxConnections: 1, pipelining: mode }, timeouts },
  });

describe.concurrent.each(MODES)('a missing reply, pipelining %s', (mode) => {
  for (const security of ['none', 'implicit'] as const) {
    it.each(MISSING)(
      `to %s costs commandMs, ${security}`,
      async (_, answers) => {
        const played = await play(mode, security, answers);

        const refused = answers.RCPT?.[0] === '550 no' && mode === 'off';
        expect(played.verdicts).toEqual([
          'accepted',
          // One command at a time, DATA is not written after that.
          refused ? 'rejected by 550 to RCPT TO' : 'accepted at attempt 2',
          'accepted',
        ]);
        expect(played.accepted).toEqual(
          refused ? ['<1>', '<3>'] : ['<1>', '<2>', '<3>'],
        );
      },
    );
  }
});

describe.concurrent.each(GROUPED)(
  'a missing reply to a lone dot, pipelining %s',
  (mode) => {
    it.each(['none', 'implicit'] as const)(
      'costs commandMs and leaves the refusal as it is, %s',
      async (security) => {
        const RCPT = ['550 no', '550 no'] as const;

        const played = await play(mode, security, { RCPT, lone: SILENT });

        expect(played).toEqual({
          verdicts: ['accepted', 'rejected by 550 to RCPT TO', 'accepted'],
          accepted: ['<1>', '<3>'],
          wire: [`${whole(1)} ${ENVELOPE} .`, `${whole(3)} QUIT`],
        });
      },
    );
  },
);

describe.concurrent.each(['none', 'implicit'] as const)(
  'a missing reply to the final dot, %s',
  (security) => {
    it.each(['off', 'envelope'] as const)(
      'costs acceptMs and leaves the outcome unknown, pipelining %s',
      async (mode) => {
        const played = await play(mode, security, { DOT: SILENT });

        expect(played.verdicts).toEqual(['accepted', 'unknown', 'accepted']);
        expect(played.accepted).toEqual(['<1>', '<3>']);
        expect(played.wire.at(-1)).toBe(`${whole(3)} QUIT`);
      },
    );

    // Counting cannot tell: docs/errors.md says so.
    it('misleads that message only, when an envelope rides behind it', async () => {
      const played = await play('oneflight', security, { DOT: SILENT });

      expect(played.verdicts).toEqual([
        'accepted',
        'accepted',
        'accepted at attempt 2',
      ]);
      expect(played.accepted).toEqual(['<1>', '<3>']);
      expect(played.wire.at(-1)).toBe(`${whole(3)} QUIT`);
    });
  },
);
