import { afterEach, describe, expect, it } from 'vitest';
import { deliveriesTo, outgoing, send } from '../support/relay.js';
import { ScriptedServer, type Event } from '../support/scripted-server.js';

let server: ScriptedServer;
afterEach(() => server.stop());

describe('time limits of the wire', () => {
  it.each<[Event, string]>([
    ['GREETING', 'greetingMs'],
    ['EHLO', 'commandMs'],
    ['AUTH', 'commandMs'],
  ])('a silent relay at %s costs %s and nothing else', async (stage, limit) => {
    server = await ScriptedServer.start(({ event, connection }) =>
      event === stage && connection === 1 ? '' : undefined,
    );
    const deliveries = deliveriesTo(server, {
      pool: { maxConnections: 1 },
      timeouts: { [limit]: 100 },
    });

    const receipt = await send(deliveries, outgoing(1));
    await deliveries.drain(1000);

    expect(receipt.accepted).toHaveLength(1);
    expect(server.connections).toBe(2);
    expect(server.accepted).toHaveLength(1);
  });

  it('a process that was held up reads what has come before it judges', async () => {
    server = await ScriptedServer.start(({ event, socket, nth }) => {
      if (event !== 'MAIL' || nth > 1) return undefined;
      socket.write('250 ok\r\n');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
      return '';
    });
    const deliveries = deliveriesTo(server, {
      pool: { maxConnections: 1, pipelining: 'off' },
      timeouts: { commandMs: 100 },
    });

    const receipt = await send(deliveries, outgoing(1));
    await deliveries.drain(1000);

    expect(receipt.attempts).toBe(1);
    expect(server.connections).toBe(1);
  });

  it('a relay that stops taking a large body costs commandMs', async () => {
    server = await ScriptedServer.start(({ event, connection, socket }) => {
      if (event === 'DATA' && connection === 1)
        setImmediate(() => socket.pause());
      return undefined;
    });
    const deliveries = deliveriesTo(server, {
      pool: { maxConnections: 1 },
      timeouts: { commandMs: 300 },
    });
    const bytes = Buffer.concat([
      Buffer.from('From: a@b.example\r\n\r\n'),
      Buffer.alloc(20_000_000, 'x'.repeat(76).concat('\r\n')),
    ]);

    const receipt = await send(
      deliveries,
      outgoing(1, { content: { kind: 'bytes', bytes } }),
    );
    await deliveries.drain(1000);

    expect(receipt.attempts).toBe(2);
    expect(server.accepted).toHaveLength(1);
    expect(server.accepted[0]?.length).toBeGreaterThan(20_000_000);
  });
});
