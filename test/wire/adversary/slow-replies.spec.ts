import { describe, expect, it } from 'vitest';
import { playSession } from '../../support/adversary/session.js';
import { ENVELOPE, whole } from '../../support/adversary/transcript.js';
import { MODES, type Mode } from '../../support/adversary/ways.js';
import type { Event, Said, Script } from '../../support/scripted-server.js';
import type { Security } from '../../support/scripted-server/conversation.js';

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
  said: Pick<Said, 'event' | 'transaction'> & { readonly secure?: boolean },
  start: string,
  more: string,
): Script {
  return ({ event, transaction, connection, socket, secure }) => {
    const here =
      event === said.event &&
      transaction === said.transaction &&
      secure === (said.secure ?? secure);
    if (connection !== 1 || !here) return undefined;
    const timer = setInterval(() => socket.write(more), EVERY_MS);
    socket.once('close', () => clearInterval(timer));
    return start;
  };
}

/** Message 2 is refused on the first connection. */
const refusesSecond: Script = ({ connection, transaction, event }) => {
  if (connection !== 1 || transaction !== 2) return undefined;
  if (event === 'MAIL') return '553 not you\r\n';
  const follows = event === 'RCPT' || event === 'DATA';
  return follows ? '503 no sender\r\n' : undefined;
};

const play = async (
  mode: Mode,
  script: Script,
  security: Security = 'none',
): Promise<unknown> => {
  const limit = { greetingMs: LIMIT_MS, commandMs: LIMIT_MS };
  return playSession({
    mode,
    script,
    security,
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

  it.each([
    { event: 'STARTTLS', secure: false },
    { event: 'EHLO', secure: true },
    { event: 'AUTH', secure: true },
  ] as const)(
    'for a reply to $event with STARTTLS, over TLS: $secure, does not stop the clock',
    async ({ event, secure }) => {
      const script = trickle({ event, secure, transaction: 0 }, start, more);

      expect(await play('off', script, 'starttls')).toEqual({
        verdicts: ['accepted', 'accepted', 'accepted'],
        accepted: ['<1>', '<2>', '<3>'],
        wire: ['', `${whole(1, 2, 3)} QUIT`],
      });
    },
  );

  it.each(MODES)(
    'for a reply to RSET does not stop the clock, pipelining %s',
    async (mode) => {
      const slow = trickle({ event: 'RSET', transaction: 2 }, start, more);
      const script: Script = (said) => refusesSecond(said) ?? slow(said);

      expect(await play(mode, script)).toMatchObject({
        verdicts: [
          'accepted',
          'rejected by 553 to MAIL FROM',
          'accepted at attempt 2',
        ],
        accepted: ['<1>', '<3>'],
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
