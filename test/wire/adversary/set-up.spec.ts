import { beforeEach, describe, expect, it, vi } from 'vitest';
import { playWhole } from '../../support/adversary/session.js';
import { SET_UP_FAULTS } from '../../support/adversary/set-up-faults.js';
import { whole } from '../../support/adversary/transcript.js';
import type { Event } from '../../support/scripted-server/conversation-events.js';
import type { Script } from '../../support/scripted-server.js';

/** A step of the set-up, and what has been said when it fails. */
interface Step {
  readonly step: string;
  readonly security: 'starttls' | 'implicit';
  readonly event: Event;
  readonly nth: number;
  readonly setUp: string;
}

const step = (
  name: string,
  security: Step['security'],
  event: Event,
  setUp: string,
  nth = 1,
): Step => ({ step: name, security, event, nth, setUp });

const STEPS: readonly Step[] = [
  step('the greeting', 'starttls', 'GREETING', ''),
  step('the greeting over TLS', 'implicit', 'GREETING', ''),
  step('EHLO', 'starttls', 'EHLO', 'EHLO'),
  step('STARTTLS', 'starttls', 'STARTTLS', 'EHLO STARTTLS'),
  step('EHLO over TLS', 'starttls', 'EHLO', 'EHLO STARTTLS (EHLO)', 2),
  step('AUTH', 'starttls', 'AUTH', 'EHLO STARTTLS (EHLO) (AUTH)'),
];

// A new connection is tried at once: the back-off is drawn from zero up.
beforeEach(() => {
  vi.spyOn(Math, 'random').mockReturnValue(0);
});

describe.each(STEPS)('at $step', ({ security, event, nth, setUp }) => {
  for (const [fault, answer, ways] of SET_UP_FAULTS) {
    it.each(ways)(
      `${fault}, %s, settles no message and goes no further`,
      async (pieces) => {
        const script: Script = (said) =>
          said.connection === 1 && said.event === event && said.nth === nth
            ? answer
            : undefined;
        // AUTH alone: `behind-auth.spec.ts` has it with an envelope behind it.
        const way = { security, pieces, mode: 'off' } as const;

        const played = await playWhole({ ...way, script, cut: 'all' });

        expect(played).toEqual({
          verdicts: ['accepted', 'accepted', 'accepted'],
          accepted: ['<1>', '<2>', '<3>'],
          wire: ['', `${whole(1, 2, 3)} QUIT`],
          setUp,
          account: 'ok',
        });
      },
    );
  }
});
