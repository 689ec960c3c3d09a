import { afterEach, describe, expect, it, vi } from 'vitest';
import { deliveriesTo, outgoing, send } from '../../support/relay.js';
import { ScriptedServer } from '../../support/scripted-server.js';

/**
 * Defects D10 and D15 to D17 of nodemailer 10.6's pool: bounds that are
 * missing or not kept. Of rates (D10) there is more in rate-limit.spec.ts;
 * that the queue costs the same at any length (D15) is in
 * unit/pool/dispatch-queue.spec.ts.
 */
describe('limits', () => {
  let stop: () => Promise<void> = async () => undefined;
  afterEach(() => stop());

  const start = async (...args: Parameters<typeof ScriptedServer.start>) => {
    const server = await ScriptedServer.start(...args);
    stop = () => server.stop();
    return server;
  };

  it.each([
    ['twenty connections', { maxConnections: 20, maxConnecting: 20 }],
    [
      'one connection for each message',
      { maxConnections: 1, maxMessagesPerConnection: 1 },
    ],
  ])('D10: a rate is not exceeded over %s', async (_, pool) => {
    const server = await start();
    const deliveries = deliveriesTo(server, {
      rateLimit: { messages: 5, perMs: 600_000 },
      pool,
    });
    const sends = Promise.allSettled(
      Array.from({ length: 30 }, (_unused, n) => send(deliveries, outgoing(n))),
    );
    await vi.waitFor(() => expect(server.accepted).toHaveLength(5), 10_000);

    await deliveries.drain(300);

    const { totals } = deliveries.stats();
    expect(totals).toMatchObject({ accepted: 5, notSent: 25 });
    expect(server.count('DOT')).toBe(5);
    expect(await sends).toHaveLength(30);
  });

  it('D15: the queue is bounded, and says so at once', async () => {
    const server = await start(({ event }) =>
      event === 'GREETING' ? '' : undefined,
    );
    const deliveries = deliveriesTo(server, { queue: { maxMessages: 100 } });
    const sends = Promise.allSettled(
      Array.from({ length: 100 }, (_, n) => send(deliveries, outgoing(n))),
    );

    expect(() => deliveries.reserve({ lane: 'normal', message: {} })).toThrow(
      expect.objectContaining({
        code: 'QUEUE_FULL',
        deliveryState: 'not-sent',
      }),
    );
    await deliveries.drain(50);
    expect(await sends).toHaveLength(100);
  });

  it('D16: each command has its own time limit, and the final dot a longer one', async () => {
    const server = await start(({ event, connection, socket }) => {
      const slow = event === 'DOT' || (event === 'MAIL' && connection === 1);
      if (!slow) return undefined;
      const reply = event === 'DOT' ? '250 Ok: queued as id' : '250 ok';
      setTimeout(() => socket.write(`${reply}\r\n`), 900);
      return '';
    });
    const deliveries = deliveriesTo(server, {
      pool: { maxConnections: 1, pipelining: 'off' },
      timeouts: { commandMs: 450, acceptMs: 20_000 },
    });

    const receipt = await send(deliveries, outgoing(1));
    await deliveries.drain(1000);

    // MAIL was too slow once; the dot took as long and was waited for.
    expect(receipt.attempts).toBe(2);
    expect(server.count('DOT')).toBe(1);
  });

  it.each([
    ['EHLO', '250-smtp.test\n250 AUTH PLAIN\r\n'],
    ['AUTH', '235 ok\n\r\n'],
  ] as const)('D17: a bare LF ends no reply to %s', async (event, reply) => {
    const server = await start((said) =>
      said.event === event ? reply : undefined,
    );
    const deliveries = deliveriesTo(server);

    await expect(deliveries.verify()).rejects.toMatchObject({
      code: 'RELAY_UNAVAILABLE',
      message: expect.stringContaining('broke the SMTP protocol'),
    });
    await deliveries.drain(100);
    expect(server.count('MAIL')).toBe(0);
  });
});
