import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Log } from '../../lib/options/log.js';
import type { SendGridSmtpOptions } from '../../lib/options/sendgrid-smtp-options.js';
import { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import { deliveriesTo, outgoing, send } from '../support/relay.js';
import { ScriptedServer } from '../support/scripted-server.js';

const CAP = 350;
const CONNECTIONS = 2;
const COUNT = 10 * CAP;

let stop: () => Promise<void>;
afterEach(() => stop());

beforeEach(() => {
  // No connection is replaced earlier than it has to be.
  vi.spyOn(Math, 'random').mockReturnValue(0);
});

let lines: string[] = [];
const log: Log = {
  info: (line) => lines.push(line),
  warn: (line) => lines.push(line),
};

/** Sends many messages, some at a time; how many were not accepted. */
async function sendAll(
  relay: { readonly options: SendGridSmtpOptions },
  pool: SendGridSmtpOptions['pool'] = {},
): Promise<number> {
  lines = [];
  const deliveries = deliveriesTo(
    relay,
    { pool: { maxConnections: CONNECTIONS, ...pool } },
    log,
  );
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < COUNT) {
      next += 1;
      await send(deliveries, outgoing(next)).catch(() => undefined);
    }
  };
  await Promise.all(Array.from({ length: 20 }, worker));
  await deliveries.drain(5000);
  const { accepted, submitted, rejected } = deliveries.stats().totals;
  expect(submitted).toBe(COUNT);
  expect(accepted + rejected).toBe(COUNT);
  return rejected;
}

function learnedLines(): string[] {
  return lines.filter((line) => line.includes('ends connections after'));
}

describe.each(['oneflight', 'envelope', 'auto', 'off'] as const)(
  'a relay with a cap of its own, pipelining %s',
  (pipelining) => {
    it.each(['reply-421', 'close-at-mail', 'close-after-dot'] as const)(
      'that does %s is met at most three times per connection, then no more',
      async (atCap) => {
        const relay = await FakeSendGrid.start({
          security: 'none',
          messagesPerConnection: CAP,
          atCap,
          parse: false,
        });
        stop = () => relay.stop();

        expect(await sendAll(relay, { pipelining })).toBe(0);

        const ends = relay.connections.map(({ state }) => state);
        const met = ends.filter((state) => state !== 'quit').length;
        expect(met).toBeGreaterThanOrEqual(3);
        expect(met).toBeLessThanOrEqual(3 * CONNECTIONS);
        // Those that came after the last one it ended were all replaced before.
        expect(relay.counters.quits).toBeGreaterThan(CONNECTIONS);
        expect(learnedLines()).toEqual([expect.stringContaining(` ${CAP} `)]);
      },
    );

    it('that answers 451 and closes is met so often, too', async () => {
      let met = 0;
      const server = await ScriptedServer.start(({ event, nth, socket }) => {
        if (event !== 'MAIL' || nth <= CAP) return undefined;
        met += 1;
        socket.end('451 4.3.0 too many messages\r\n');
        return '';
      });
      stop = () => server.stop();

      const rejected = await sendAll(server, { pipelining });

      expect(server.accepted).toHaveLength(COUNT - rejected);
      expect(rejected).toBeLessThanOrEqual(met);
      expect(met).toBeGreaterThanOrEqual(3);
      expect(met).toBeLessThanOrEqual(3 * CONNECTIONS);
      expect(server.connections).toBeGreaterThan(met + CONNECTIONS);
      expect(learnedLines()).toEqual([expect.stringContaining(` ${CAP} `)]);
    });

    // As OpenSMTPD does after its `max-messages`.
    it('that answers 452 to every further MAIL costs few messages, then none', async () => {
      const spent = new Set<number>();
      let met = 0;
      const server = await ScriptedServer.start(
        ({ event, nth, connection }) => {
          if (event === 'MAIL' && nth > CAP) {
            spent.add(connection);
            met += 1;
            return '452 4.5.3 too many messages\r\n';
          }
          const follows = event === 'RCPT' || event === 'DATA';
          return spent.has(connection) && follows ? '503 no\r\n' : undefined;
        },
      );
      stop = () => server.stop();

      const rejected = await sendAll(server, { pipelining });

      expect(server.accepted).toHaveLength(COUNT - rejected);
      expect(rejected).toBe(met);
      expect(spent.size).toBeGreaterThanOrEqual(3);
      expect(spent.size).toBeLessThanOrEqual(3 * CONNECTIONS);
      // Two in a row tell; a third may be under way by then.
      expect(met).toBeLessThanOrEqual(3 * spent.size);
      expect(server.connections).toBeGreaterThan(spent.size + CONNECTIONS);
      expect(learnedLines()).toEqual([expect.stringContaining(` ${CAP} `)]);
    });
  },
);

it('what one instance learns, another of the process uses', async () => {
  const relay = await FakeSendGrid.start({
    security: 'none',
    messagesPerConnection: CAP,
    parse: false,
  });
  stop = () => relay.stop();
  await sendAll(relay);
  const met = relay.connections.filter(({ state }) => state !== 'quit').length;

  await sendAll(relay);

  const ends = relay.connections.map(({ state }) => state);
  expect(ends.filter((state) => state !== 'quit')).toHaveLength(met);
  expect(learnedLines()).toEqual([]);
});
