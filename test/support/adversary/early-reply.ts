import { deliveriesTo, outgoing, send } from '../relay.js';
import { ScriptedServer, type Said } from '../scripted-server.js';
import type { Security } from '../scripted-server/conversation.js';
import { ENVELOPE, type Played } from './session.js';
import { nameOf, wireOf } from './transcript.js';
import { verdictOf } from './verdicts.js';
import type { Mode } from './ways.js';

/** How a large message is sent, and whether the server reads on once it has answered. */
export interface EarlyCase {
  readonly mode: Mode;
  readonly security: Security;
  readonly reads: boolean;
}

/** What came of it, and of the body what had been written, without its filling. */
export interface PlayedEarly extends Played {
  readonly body: string;
}

/** Far more than fits between a client and a server that does not read. */
const LARGE = Buffer.alloc(8_000_000, `${'x'.repeat(76)}\r\n`);

const large = outgoing(2, {
  envelope: ENVELOPE,
  content: {
    kind: 'bytes',
    bytes: Buffer.concat([Buffer.from('Subject: 2\r\n\r\nHello 2\r\n'), LARGE]),
  },
});

/** Message 2 of three is large; its first bytes are answered with `reply`. */
export async function playEarlyReply(
  { mode, security, reads }: EarlyCase,
  reply: string,
): Promise<PlayedEarly> {
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
