import { describe, expect, it } from 'vitest';
import { ENVELOPE } from '../../support/adversary/session.js';
import { nameOf, whole, wireOf } from '../../support/adversary/transcript.js';
import { verdictOf } from '../../support/adversary/verdicts.js';
import { MODES, type Mode } from '../../support/adversary/ways.js';
import { deliveriesTo, outgoing, send } from '../../support/relay.js';
import { ScriptedServer, type Said } from '../../support/scripted-server.js';
import type { Security } from '../../support/scripted-server/conversation.js';

/** Far more than fits between a client and a server that does not read. */
const LARGE = Buffer.alloc(8_000_000, `${'x'.repeat(76)}\r\n`);

const large = outgoing(2, {
  envelope: ENVELOPE,
  content: {
    kind: 'bytes',
    bytes: Buffer.concat([Buffer.from('Subject: 2\r\n\r\nHello 2\r\n'), LARGE]),
  },
});

/** Message 2 is large; its first bytes are answered with `reply`. */
async function play(
  { mode, security, reads }: Case,
  reply: string,
): Promise<unknown> {
  const early = ({
    connection,
    event,
    transaction,
    socket,
  }: Said): undefined => {
    if (connection !== 1 || event !== 'DATA' || transaction !== 2) return;
    socket.once('data', () => {
      server.interject(1, { say: reply });
      if (!reads) socket.pause();
    });
  };
  const server = await ScriptedServer.start(early, { security });
  const deliveries = deliveriesTo(server, {
    pool: { maxConnections: 1, pipelining: mode },
  });
  const mails = [outgoing(1, { envelope: ENVELOPE }), large];
  mails.push(outgoing(3, { envelope: ENVELOPE }));
  const sends = mails.map((mail) => send(deliveries, mail));
  const results = await Promise.allSettled(sends);
  await deliveries.drain(2000);
  await server.stop();
  return {
    verdicts: results.map(verdictOf),
    accepted: server.accepted.map(nameOf),
    wire: wireOf(server),
    // Not a command, nor an end, in a body that was begun and given up.
    body: server
      .unfinished(1)
      .replaceAll(/x+\r\n/g, '')
      .slice(0, 100),
  };
}

interface Case {
  readonly mode: Mode;
  readonly security: Security;
  readonly reads: boolean;
}

const CASES = MODES.flatMap((mode) =>
  (['none', 'implicit'] as const).flatMap((security) => [
    { mode, security, reads: true },
    { mode, security, reads: false },
  ]),
);

const isPlain = ({ security, reads }: Case): boolean =>
  security === 'none' && reads;

const BODY = expect.stringMatching(/^Subject: 2\r\n\r\nHello 2\r\nx*$/);

const REPLIES = [
  ['552 too large', 'rejected by 552 to DATA', ['<1>', '<3>']],
  ['451 no space', 'rejected by 451 to DATA', ['<1>', '<3>']],
  ['421 closing', 'accepted at attempt 2', ['<1>', '<2>', '<3>']],
  ['250 already', 'accepted at attempt 2', ['<1>', '<2>', '<3>']],
  ['low disk space', 'accepted at attempt 2', ['<1>', '<2>', '<3>']],
] as const;

describe.each(REPLIES)('%s inside a large body', (reply, verdict, accepted) => {
  // The others take the same way: once in each mode is enough.
  const cases = reply.startsWith('552') ? CASES : CASES.filter(isPlain);

  it.each(cases)(
    'ends the body there and the connection, pipelining $mode, $security, server reads on: $reads',
    async (given) => {
      const played = await play(given, `${reply}\r\n`);

      const rest = accepted.length === 3 ? whole(2, 3) : whole(3);
      expect(played).toEqual({
        verdicts: ['accepted', verdict, 'accepted'],
        accepted,
        wire: [`${whole(1)} MAIL RCPT RCPT DATA ...`, `${rest} QUIT`],
        body: BODY,
      });
    },
  );
});
