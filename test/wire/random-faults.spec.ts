import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { isMailError } from '../../lib/errors/mail-error.js';
import { deliveriesTo, outgoing, send } from '../support/relay.js';
import { seededRandom } from '../support/seeded-random.js';
import { ScriptedServer, type Said } from '../support/scripted-server.js';

let server: ScriptedServer;
afterEach(() => server.stop());

const COUNT = 1500;

const stalled = new WeakSet<Socket>();

/** What a relay may do to a client, each as bad as it sounds. */
function fault({ event, socket }: Said, random: () => number): string {
  const kind = Math.floor(random() * 8);
  switch (kind) {
    case 0:
      socket.destroy();
      return '';
    case 1:
      return '451 try again later\r\n';
    case 2:
      return '550 no\r\n';
    case 3:
      setImmediate(() => socket.end());
      return '421 closing\r\n';
    case 4:
      return 'what?\r\n';
    case 5:
      stalled.add(socket);
      return '';
    case 6:
      setImmediate(() => socket.destroy());
      return event === 'DOT' ? '250 Ok: queued as late\r\n' : '250 ok\r\n';
    default:
      return '250-one\r\n250 two\r\n';
  }
}

describe.each(['off', 'envelope', 'oneflight', 'auto'] as const)(
  'random faults, pipelining %s',
  (pipelining) => {
    it(
      'lose, duplicate and misreport nothing',
      { timeout: 120_000 },
      async () => {
        const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
        console.info(`seed ${seed} (set SEED to repeat)`);
        const random = seededRandom(seed);
        server = await ScriptedServer.start((said) => {
          if (stalled.has(said.socket)) return '';
          return random() < 0.02 ? fault(said, random) : undefined;
        });
        const deliveries = deliveriesTo(server, {
          pool: { maxConnections: 8, pipelining },
          queue: { failFastAfterMs: 60_000 },
          timeouts: { greetingMs: 150, commandMs: 150, acceptMs: 150 },
        });

        const results = await Promise.allSettled(
          Array.from({ length: COUNT }, (_, n) =>
            send(deliveries, outgoing(n)),
          ),
        );
        await deliveries.drain(5000);

        // An empty body is the lone dot after an envelope without recipients.
        const bodies = server.accepted.filter((body) => body !== '');
        const taken = bodies.map((body) =>
          Number(/Subject: (\d+)/.exec(body)?.[1]),
        );
        expect(new Set(taken).size).toBe(taken.length);
        const takenSet = new Set(taken);
        const wrong = results.flatMap((result, n) => {
          const state =
            result.status === 'fulfilled'
              ? 'accepted'
              : stateOf(result.reason as unknown);
          const fine = takenSet.has(n)
            ? state !== 'not-sent'
            : state !== 'accepted';
          return fine ? [] : [`${n} ${state}`];
        });
        expect(wrong).toEqual([]);
        const { totals } = deliveries.stats();
        expect(totals).toMatchObject({ submitted: COUNT, pending: 0 });
      },
    );
  },
);

function stateOf(reason: unknown): string {
  if (!isMailError(reason)) throw reason;
  return reason.deliveryState;
}
