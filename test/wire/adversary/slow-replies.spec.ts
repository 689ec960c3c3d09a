import { describe, expect, it } from 'vitest';
import { playSession } from '../../support/adversary/session.js';
import { ENVELOPE, whole } from '../../support/adversary/transcript.js';
import { MODES, type Mode } from '../../support/adversary/ways.js';
import type { Event, Said, Script } from '../../support/scripted-server.js';

/** Bytes come ten times as often as the clock allows. */
const LIMIT_MS = 600;
const EVERY_MS = LIMIT_MS / 10;

/** A reply that never ends, a little at a time. */
const TRICKLES = [
  ['a byte', '250 ', 'x'],
  ['a line of a reply', '', '250-more\r\n'],
] as const;

/** One connection is answered at a trickle, from one event on. */
function trickle(
  said: Pick<Said, 'event' | 'transaction'>,
  start: string,
  more: string,
): Script {
  return ({ event, transaction, connection, socket }) => {
    const here = event === said.event && transaction === said.transaction;
    if (connection !== 1 || !here) return undefined;
    const timer = setInterval(() => socket.write(more), EVERY_MS);
    socket.once('close', () => clearInterval(timer));
    return start;
  };
}

const play = async (mode: Mode, script: Script): Promise<unknown> => {
  const limit = { greetingMs: LIMIT_MS, commandMs: LIMIT_MS };
  return playSession({
    mode,
    script,
    security: 'none',
    pieces: 'whole',
    options: {
      pool: { maxConnections: 1, pipelining: mode },
      timeouts: { ...limit, acceptMs: LIMIT_MS },
    },
  });
};

describe.concurrent.each(TRICKLES)('%s now and then', (_, start, more) => {
  it.each<Event>(['GREETING', 'EHLO', 'AUTH'])(
    'for a reply to %s does not stop the clock',
    async (event) => {
      const script = trickle({ event, transaction: 0 }, start, more);

      expect(await play('off', script)).toEqual({
        verdicts: ['accepted', 'accepted', 'accepted'],
        accepted: ['<1>', '<2>', '<3>'],
        wire: ['', `${whole(1, 2, 3)} QUIT`],
      });
    },
  );

  for (const mode of MODES) {
    it.each([
      ['MAIL', 'MAIL'],
      ['RCPT', 'MAIL RCPT'],
      ['DATA', ENVELOPE],
    ] as const)(
      `for a reply to %s does not stop the clock, pipelining ${mode}`,
      async (event, lockstep) => {
        const script = trickle({ event, transaction: 2 }, start, more);

        expect(await play(mode, script)).toEqual({
          verdicts: ['accepted', 'accepted at attempt 2', 'accepted'],
          accepted: ['<1>', '<2>', '<3>'],
          wire: [
            `${whole(1)} ${mode === 'off' ? lockstep : ENVELOPE}`,
            `${whole(2, 3)} QUIT`,
          ],
        });
      },
    );

    it(`for a reply to the final dot does not stop the clock, pipelining ${mode}`, async () => {
      const script = trickle({ event: 'DOT', transaction: 3 }, start, more);

      expect(await play(mode, script)).toMatchObject({
        verdicts: ['accepted', 'accepted', 'unknown'],
        wire: [whole(1, 2, 3)],
      });
    });
  }
});
