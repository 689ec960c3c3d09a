import { afterEach, describe, expect, it } from 'vitest';
import { deliveriesTo, outgoing, send } from '../support/relay.js';
import {
  ScriptedServer,
  type Event,
  type Said,
  type Script,
} from '../support/scripted-server.js';

let server: ScriptedServer;
afterEach(() => server.stop());

const start = async (
  script: Script,
  pipelining: 'off' | 'envelope' | 'oneflight' = 'oneflight',
) => {
  server = await ScriptedServer.start(script);
  return deliveriesTo(server, { pool: { maxConnections: 1, pipelining } });
};

const drop = ({ socket }: Said): string => {
  socket.destroy();
  return '';
};

describe.each(['off', 'envelope', 'oneflight'] as const)(
  'a fresh connection lost, pipelining %s',
  (pipelining) => {
    it.each<Event>(['GREETING', 'EHLO', 'AUTH', 'MAIL', 'RCPT', 'DATA'])(
      'at %s costs the message nothing: it goes to another connection',
      async (stage) => {
        const deliveries = await start(
          (said) =>
            said.event === stage && said.connection === 1
              ? drop(said)
              : undefined,
          pipelining,
        );

        const receipt = await send(deliveries, outgoing(1));
        await deliveries.drain(1000);

        expect(receipt.accepted).toEqual(['ada@example.com']);
        expect(server.accepted).toHaveLength(1);
        expect(server.connections).toBe(2);
      },
    );
  },
);

describe('one-flight', () => {
  it('writes the next envelope in one piece with the body before it', async () => {
    const chunks: string[] = [];
    const deliveries = await start(({ event, socket }) => {
      if (event === 'GREETING') {
        socket.on('data', (chunk) => chunks.push(String(chunk)));
      }
      return undefined;
    });

    await Promise.all([
      send(deliveries, outgoing(1)),
      send(deliveries, outgoing(2)),
    ]);
    await deliveries.drain(1000);

    expect(chunks).toContainEqual(
      expect.stringMatching(
        /Hello 1\r\n\.\r\nMAIL FROM.*\r\nRCPT.*\r\nDATA\r\n$/,
      ),
    );
  });

  it('is given up without loss when the relay refuses it', async () => {
    // As Haraka 3.3.4 and later answer what follows a dot.
    let behind = false;
    const deliveries = await start(({ event, socket }) => {
      if (event === 'DOT') {
        behind = true;
        setImmediate(() => {
          behind = false;
          socket.write('250 Ok: queued as x\r\n');
        });
        return '';
      }
      return behind
        ? later(socket, '503 pipelined after end of DATA\r\n')
        : undefined;
    });

    const receipts = await Promise.all(
      Array.from({ length: 10 }, (_, n) => send(deliveries, outgoing(n))),
    );
    const { pipelining } = deliveries.stats();
    await deliveries.drain(1000);

    expect(receipts).toHaveLength(10);
    expect(
      new Set(
        server.said
          .filter(({ event }) => event === 'DOT')
          .map(({ line }) => line),
      ).size,
    ).toBe(10);
    expect(server.count('DOT')).toBe(10);
    expect(pipelining).toBe('envelope');
  });
});

function later(socket: Said['socket'], reply: string): string {
  setImmediate(() => socket.write(reply));
  return '';
}
