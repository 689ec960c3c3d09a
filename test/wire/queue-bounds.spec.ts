import { afterEach, describe, expect, it, vi } from 'vitest';
import { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import { ScriptedServer } from '../support/scripted-server.js';
import { deliveriesTo, outgoing, send } from '../support/relay.js';

let relay: FakeSendGrid;
afterEach(() => relay.stop());

describe('bounds', () => {
  it('1,000 concurrent sends open no more than maxConnections', async () => {
    relay = await FakeSendGrid.start({ parse: false });
    const deliveries = deliveriesTo(relay, { pool: { maxConnections: 7 } });

    const receipts = await Promise.all(
      Array.from({ length: 1000 }, (_, n) => send(deliveries, outgoing(n))),
    );

    expect(receipts).toHaveLength(1000);
    expect(deliveries.stats().connections.open).toBeLessThanOrEqual(7);
    await deliveries.drain(5000);
    expect(relay.counters.maxOpen).toBe(7);
    expect(relay.counters.accepted).toBe(1000);
  });

  it('the 1,001st fails at once with QUEUE_FULL and nothing else is lost', async () => {
    relay = await FakeSendGrid.start({ parse: false });
    const deliveries = deliveriesTo(relay, { queue: { maxMessages: 1000 } });

    const sends = Array.from({ length: 1000 }, (_, n) =>
      send(deliveries, outgoing(n)),
    );

    expect(() => deliveries.reserve({ lane: 'normal', message: {} })).toThrow(
      expect.objectContaining({
        code: 'QUEUE_FULL',
        deliveryState: 'not-sent',
        retryable: true,
      }),
    );
    await Promise.all(sends);
    await deliveries.drain(5000);
    expect(relay.counters.accepted).toBe(1000);
    expect(deliveries.stats().totals).toMatchObject({
      submitted: 1001,
      accepted: 1000,
      notSent: 1,
      pending: 0,
    });
  });

  it('waits for room when told to, and is never above the bound', async () => {
    relay = await FakeSendGrid.start({ parse: false });
    const deliveries = deliveriesTo(relay, {
      queue: { maxMessages: 10, whenFull: 'wait' },
    });
    let most = 0;

    await Promise.all(
      Array.from({ length: 200 }, async (_, n) => {
        await send(deliveries, outgoing(n));
        most = Math.max(most, deliveries.stats().queue.messages);
      }),
    );
    await deliveries.drain(5000);

    expect(relay.counters.accepted).toBe(200);
    expect(most).toBeLessThanOrEqual(10);
  });

  it('counts bytes until a message has settled', async () => {
    relay = await FakeSendGrid.start({ parse: false });
    const deliveries = deliveriesTo(relay, { queue: { maxBytes: 1000 } });
    const big = outgoing(1, {
      content: {
        kind: 'bytes',
        bytes: Buffer.from(`From: a@b.example\r\n\r\n${'x'.repeat(800)}`),
      },
    });

    const first = send(deliveries, big);
    await expect(send(deliveries, big)).rejects.toMatchObject({
      code: 'QUEUE_FULL',
    });
    await first;
    await send(deliveries, big);
    await deliveries.drain(5000);

    expect(deliveries.stats().queue).toMatchObject({ messages: 0, bytes: 0 });
  });

  it('urgent messages overtake those that wait', async () => {
    relay = await FakeSendGrid.start();
    const deliveries = deliveriesTo(relay, {
      pool: { maxConnections: 1, pipelining: 'envelope' },
    });
    const order: string[] = [];

    await Promise.all([
      ...Array.from({ length: 20 }, async (_, n) => {
        await send(deliveries, outgoing(`normal-${n}`));
        order.push('normal');
      }),
      (async () => {
        await send(deliveries, outgoing('urgent'), { lane: 'urgent' });
        order.push('urgent');
      })(),
    ]);
    await deliveries.drain(5000);

    expect(order.indexOf('urgent')).toBeLessThanOrEqual(1);
  });
});

describe('an envelope behind a body', () => {
  it('is never that of an urgent message behind a large body', async () => {
    const server = await ScriptedServer.start();
    relay = await FakeSendGrid.start();
    const chunks: string[] = [];
    const deliveries = deliveriesTo(server, {
      pool: { maxConnections: 1, pipelining: 'oneflight' },
    });
    const bytes = Buffer.from(
      `From: a@b.example\r\n\r\n${'x'.repeat(70).concat('\r\n').repeat(5000)}`,
    );
    const large = outgoing(1, { content: { kind: 'bytes', bytes } });

    const first = send(deliveries, large, { lane: 'bulk' });
    while (server.count('MAIL') === 0) await new Promise(setImmediate);
    server.said[0]?.socket.on('data', (chunk) => chunks.push(String(chunk)));
    await Promise.all([
      first,
      send(deliveries, outgoing('urgent'), { lane: 'urgent' }),
    ]);
    await deliveries.drain(1000);
    await server.stop();

    const all = chunks.join('');
    expect(all).toMatch(/x\r\n\.\r\n/);
    expect(chunks.some((chunk) => /\.\r\nMAIL/.test(chunk))).toBe(false);
    expect(server.accepted).toHaveLength(2);
  });
});

describe('the cap of a relay that is lower than configured', () => {
  it.each(['reply-421', 'close-at-mail', 'close-after-dot'] as const)(
    'loses nothing when it does %s',
    async (atCap) => {
      relay = await FakeSendGrid.start({
        messagesPerConnection: 10,
        atCap,
        parse: false,
      });
      const deliveries = deliveriesTo(relay, { pool: { maxConnections: 2 } });

      const results = await Promise.allSettled(
        Array.from({ length: 100 }, (_, n) => send(deliveries, outgoing(n))),
      );
      await deliveries.drain(5000);

      const { accepted, unknown, notSent, rejected } =
        deliveries.stats().totals;
      expect({ rejected, notSent }).toEqual({ rejected: 0, notSent: 0 });
      expect(accepted + unknown).toBe(100);
      expect(accepted).toBe(
        results.filter(({ status }) => status === 'fulfilled').length,
      );
      const ids = relay.messages.map(({ raw }) =>
        String(/Subject: (\d+)/.exec(String(raw))?.[1]),
      );
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.length).toBe(100);
    },
  );
});

describe('idle connections', () => {
  it('are closed with QUIT after idleTimeoutMs and opened again on demand', async () => {
    relay = await FakeSendGrid.start();
    const deliveries = deliveriesTo(relay, { pool: { idleTimeoutMs: 50 } });

    await send(deliveries, outgoing(1));
    await relay.waitUntil(({ quits }) => quits === 1);
    await send(deliveries, outgoing(2));
    await deliveries.drain(1000);

    expect(relay.counters).toMatchObject({ connections: 2, accepted: 2 });
  });

  it('are kept at minConnections', async () => {
    relay = await FakeSendGrid.start();
    const deliveries = deliveriesTo(relay, {
      pool: { idleTimeoutMs: 50, minConnections: 2 },
    });

    await relay.waitUntil(({ authenticated }) => authenticated === 2);
    await Promise.all(
      Array.from({ length: 5 }, (_, n) => send(deliveries, outgoing(n))),
    );
    await relay.waitUntil(({ quits, open }) => quits > 0 && open === 2);

    await vi.waitFor(() => expect(deliveries.stats().connections.open).toBe(2));
    await deliveries.drain(1000);
  });

  it('that the relay has closed cost no message', async () => {
    relay = await FakeSendGrid.start({ idleTimeoutMs: 50 });
    const deliveries = deliveriesTo(relay);

    await send(deliveries, outgoing(1));
    await relay.waitUntil(({ open }) => open === 0);
    await send(deliveries, outgoing(2));
    await deliveries.drain(1000);

    expect(relay.counters).toMatchObject({ connections: 2, accepted: 2 });
  });
});
