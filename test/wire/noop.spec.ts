import { afterEach, describe, expect, it } from 'vitest';
import type { Deliveries } from '../../lib/delivery/deliveries.js';
import { deliveriesTo, outgoing, send } from '../support/relay.js';
import { ScriptedServer, type Script } from '../support/scripted-server.js';

let server: ScriptedServer;
let deliveries: Deliveries;

/** An instance with one connection, which has nothing to do. */
async function start(script: Script = () => undefined): Promise<void> {
  server = await ScriptedServer.start(script);
  deliveries = deliveriesTo(server, { pool: { maxConnections: 1 } });
  await send(deliveries, outgoing(1));
}

afterEach(async () => {
  await deliveries.drain(1000);
  await server.stop();
});

describe('noop', () => {
  it('opens nothing where nothing is open', async () => {
    server = await ScriptedServer.start();
    deliveries = deliveriesTo(server);

    const alive = await deliveries.noop();

    expect(alive).toBeUndefined();
    expect(server.connections).toBe(0);
  });

  it('asks on an open connection, which stays in use', async () => {
    await start();

    const alive = await deliveries.noop();
    await send(deliveries, outgoing(2));

    expect(alive).toBe(true);
    expect(server.count('NOOP')).toBe(1);
    expect(server.count('AUTH')).toBe(1);
    expect(server.accepted).toHaveLength(2);
  });

  it('takes any answer for a sign of life', async () => {
    await start(({ event }) =>
      event === 'NOOP' ? '500 5.5.1 not here\r\n' : undefined,
    );

    expect(await deliveries.noop()).toBe(true);
    await send(deliveries, outgoing(2));

    expect(server.connections).toBe(1);
  });

  it.each([
    ['says 421', { say: '421 4.7.0 closing\r\n' }],
    ['hangs up', { say: '', then: 'fin' }],
    ['cuts the line', { say: '', then: 'reset' }],
  ] as const)(
    'loses a connection that %s, and no message',
    async (_, answer) => {
      await start(({ event }) => (event === 'NOOP' ? answer : undefined));

      const asked = deliveries.noop();
      const sent = send(deliveries, outgoing(2));

      expect(await asked).toBe(false);
      expect(await sent).toMatchObject({ accepted: ['ada@example.com'] });
      expect(server.connections).toBe(2);
    },
  );

  it('has a message wait for the answer, and writes nothing meanwhile', async () => {
    const { promise: answer, resolve: give } = withResolver();
    await start(({ event }) =>
      event === 'NOOP' ? { say: '250 here\r\n', after: answer } : undefined,
    );
    const asked = deliveries.noop();
    while (server.count('NOOP') === 0) await new Promise(setImmediate);

    const sent = send(deliveries, outgoing(2));
    const again = await deliveries.noop();
    const mailsBefore = server.count('MAIL');
    give();

    expect(again).toBeUndefined();
    expect(mailsBefore).toBe(1);
    expect(await asked).toBe(true);
    expect(await sent).toMatchObject({ accepted: ['ada@example.com'] });
    expect(server.connections).toBe(1);
  });

  it('lets a drain go on, with QUIT behind it', async () => {
    const { promise: answer, resolve: give } = withResolver();
    await start(({ event }) =>
      event === 'NOOP' ? { say: '250 here\r\n', after: answer } : undefined,
    );
    const asked = deliveries.noop();

    const drained = deliveries.drain(1000);
    give();

    expect(await asked).toBe(true);
    await drained;
    expect(server.count('QUIT')).toBe(1);
    expect(await deliveries.noop()).toBeUndefined();
  });
});

function withResolver(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
