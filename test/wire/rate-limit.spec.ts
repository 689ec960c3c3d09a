import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { deliveriesTo, outgoing, send } from '../support/relay.js';
import { ScriptedServer, type Script } from '../support/scripted-server.js';

let server: ScriptedServer;
afterEach(() => server.stop());

/** A relay that writes down when the dots of messages arrive. */
async function start(script: Script = () => undefined): Promise<number[]> {
  const dots: number[] = [];
  server = await ScriptedServer.start((said) => {
    if (said.event === 'DOT' && said.line !== '') {
      dots.push(performance.now());
    }
    return script(said);
  });
  return dots;
}

/** The shortest time in which one more arrived than is allowed. */
function tightest(dots: readonly number[], messages: number): number {
  const spans = dots
    .slice(messages)
    .map((at, index) => at - (dots[index] ?? -Infinity));
  return Math.min(...spans);
}

const LIMIT = { messages: 50, perMs: 600 };
const COUNT = 300;

describe('rateLimit', () => {
  it.each([1, 20, 200])(
    'holds over %i connections, and is used',
    { timeout: 60_000 },
    async (width) => {
      const dots = await start();
      const deliveries = deliveriesTo(server, {
        rateLimit: LIMIT,
        pool: { maxConnections: width, minConnections: width },
      });
      await vi.waitFor(
        () => expect(deliveries.stats().connections.idle).toBe(width),
        20_000,
      );
      // What is late here says nothing about when it left.
      const delay = monitorEventLoopDelay({ resolution: 1 });
      delay.enable();

      await Promise.all(
        Array.from({ length: COUNT }, (_, n) => send(deliveries, outgoing(n))),
      );
      delay.disable();
      await deliveries.drain(5000);

      const late = delay.max / 1e6;
      const { messages, perMs } = LIMIT;
      expect(dots).toHaveLength(COUNT);
      expect(tightest(dots, messages)).toBeGreaterThan(
        perMs - Math.min(late, perMs / 2),
      );
      const windows = COUNT / messages - 1;
      const took = (dots.at(-1) ?? Infinity) - (dots[0] ?? 0);
      expect(took).toBeLessThan(windows * (perMs / 0.9 + late));
    },
  );

  it('gives the slots back of messages that are refused before their dot', async () => {
    const dots = await start(({ event, nth }) =>
      event === 'RCPT' && nth % 2 === 0 ? '550 no\r\n' : undefined,
    );
    const deliveries = deliveriesTo(server, {
      rateLimit: { messages: 10, perMs: 60_000 },
      pool: { maxConnections: 1 },
    });

    const results = await Promise.allSettled(
      Array.from({ length: 19 }, (_, n) => send(deliveries, outgoing(n))),
    );
    await deliveries.drain(1000);

    expect(dots).toHaveLength(10);
    const refused = results.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(9);
  });

  it('gives the slots back of messages that move to another connection', async () => {
    const dots = await start(({ event, connection, socket }) => {
      if (event === 'DATA' && connection <= 3) socket.destroy();
      return undefined;
    });
    const deliveries = deliveriesTo(server, {
      rateLimit: { messages: 3, perMs: 60_000 },
      pool: { maxConnections: 1 },
    });

    await Promise.all([1, 2, 3].map((n) => send(deliveries, outgoing(n))));
    await deliveries.drain(1000);

    expect(dots).toHaveLength(3);
    expect(server.connections).toBeGreaterThan(3);
  });

  it('opens no connections for messages that may not leave', async () => {
    await start();
    const deliveries = deliveriesTo(server, {
      rateLimit: { messages: 2, perMs: 60_000 },
    });

    const sends = Promise.allSettled(
      Array.from({ length: 50 }, (_, n) => send(deliveries, outgoing(n))),
    );
    await vi.waitFor(() => expect(server.accepted).toHaveLength(2));
    const { connections } = server;
    await deliveries.drain(50);
    await sends;

    expect(connections).toBeLessThanOrEqual(2);
    expect(deliveries.stats().totals).toMatchObject({
      accepted: 2,
      notSent: 48,
    });
  });

  it('lets a message that waits be given up', async () => {
    await start();
    const deliveries = deliveriesTo(server, {
      rateLimit: { messages: 1, perMs: 60_000 },
    });
    await send(deliveries, outgoing(1));

    await expect(
      send(deliveries, outgoing(2), { timeoutMs: 50 }),
    ).rejects.toMatchObject({ code: 'TIMED_OUT' });
    await deliveries.drain(1000);

    expect(server.accepted).toHaveLength(1);
  });
});
