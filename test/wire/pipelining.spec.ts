import { afterEach, describe, expect, it } from 'vitest';
import { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import { deliveriesTo, outgoing, send } from '../support/relay.js';
import { ScriptedServer } from '../support/scripted-server.js';

describe('pipelining auto', () => {
  let stop: (() => Promise<void>) | undefined;
  afterEach(() => stop?.());

  it('starts with grouped envelopes and goes on to one flight when that is answered', async () => {
    const relay = await FakeSendGrid.start();
    stop = () => relay.stop();
    const deliveries = deliveriesTo(relay, { pool: { maxConnections: 1 } });

    expect(deliveries.stats().pipelining).toBe('envelope');
    await Promise.all(
      Array.from({ length: 10 }, (_, n) => send(deliveries, outgoing(n))),
    );

    expect(deliveries.stats().pipelining).toBe('oneflight');
    await deliveries.drain(1000);
    expect(relay.counters.accepted).toBe(10);
  });

  it('stays with grouped envelopes when a probe is not answered, and loses nothing', async () => {
    let muted = false;
    const server = await ScriptedServer.start(({ event, connection }) => {
      // The relay forgets what follows a dot in the same packet.
      if (event === 'DOT') {
        muted = connection === 1 && server.count('DOT') >= 4;
        return undefined;
      }
      return muted && event !== 'GREETING' && connection === 1 ? '' : undefined;
    });
    stop = () => server.stop();
    const deliveries = deliveriesTo(server, {
      pool: { maxConnections: 1 },
      timeouts: { commandMs: 300 },
    });

    await Promise.all(
      Array.from({ length: 8 }, (_, n) => send(deliveries, outgoing(n))),
    );

    expect(deliveries.stats().pipelining).toBe('envelope');
    await deliveries.drain(1000);
    expect(server.accepted).toHaveLength(8);
    expect(new Set(server.accepted).size).toBe(8);
  });

  it('writes one command at a time to a relay without PIPELINING', async () => {
    const server = await ScriptedServer.start(({ event }) =>
      event === 'EHLO' ? ScriptedServer.ehloWithout('PIPELINING') : undefined,
    );
    stop = () => server.stop();
    const deliveries = deliveriesTo(server, {
      pool: { maxConnections: 1, pipelining: 'oneflight' },
    });
    const chunks: string[] = [];

    const first = send(deliveries, outgoing(1));
    await first;
    server.said[0]?.socket.on('data', (chunk: Buffer) =>
      chunks.push(String(chunk)),
    );
    await send(deliveries, outgoing(2));
    expect(deliveries.stats().pipelining).toBe('lockstep');
    await deliveries.drain(1000);

    expect(chunks.slice(0, 3)).toEqual([
      expect.stringMatching(/^MAIL FROM:<[^>]+> SIZE=\d+\r\n$/),
      'RCPT TO:<ada@example.com>\r\n',
      'DATA\r\n',
    ]);
  });

  it('groups MAIL, RCPT and DATA into one write', async () => {
    const server = await ScriptedServer.start();
    stop = () => server.stop();
    const deliveries = deliveriesTo(server, {
      pool: { maxConnections: 1, pipelining: 'envelope' },
    });
    const chunks: string[] = [];

    await send(deliveries, outgoing(1));
    server.said[0]?.socket.on('data', (chunk: Buffer) =>
      chunks.push(String(chunk)),
    );
    await send(deliveries, outgoing(2));
    await deliveries.drain(1000);

    expect(chunks[0]).toMatch(/^MAIL FROM:.*\r\nRCPT TO:.*\r\nDATA\r\n$/);
  });

  it.each([
    ['off', undefined],
    ['oneflight', ScriptedServer.ehloWithout('PIPELINING')],
  ] as const)(
    'writes nothing behind a dot, not even QUIT, with pipelining %s on a relay that minds',
    async (pipelining, ehlo) => {
      const early: string[] = [];
      const server = await ScriptedServer.start(({ event, socket }) => {
        if (event === 'GREETING') {
          socket.on('data', (chunk: Buffer) => {
            if (/\r\n\.\r\n./s.test(String(chunk))) early.push(String(chunk));
          });
        }
        return event === 'EHLO' ? ehlo : undefined;
      });
      stop = () => server.stop();
      const deliveries = deliveriesTo(server, {
        pool: { maxConnections: 2, maxMessagesPerConnection: 3, pipelining },
      });

      await Promise.all(
        Array.from({ length: 20 }, (_, n) => send(deliveries, outgoing(n))),
      );
      await deliveries.drain(1000);

      expect(early).toEqual([]);
      expect(server.accepted).toHaveLength(20);
      expect(server.count('QUIT')).toBe(server.connections);
    },
  );

  it('sends QUIT behind the last dot when the connection is to be replaced', async () => {
    const server = await ScriptedServer.start();
    stop = () => server.stop();
    const deliveries = deliveriesTo(server, {
      pool: { maxConnections: 1, maxMessagesPerConnection: 1 },
    });
    const chunks: string[] = [];
    const sent = send(deliveries, outgoing(1));
    while (server.said.length === 0) await new Promise(setImmediate);
    server.said[0]?.socket.on('data', (chunk: Buffer) =>
      chunks.push(String(chunk)),
    );
    await sent;
    await deliveries.drain(1000);

    expect(chunks.some((chunk) => chunk.endsWith('\r\n.\r\nQUIT\r\n'))).toBe(
      true,
    );
  });
});
