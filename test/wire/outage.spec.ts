import { afterEach, describe, expect, it } from 'vitest';
import { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import { ScriptedServer } from '../support/scripted-server.js';
import { deliveriesTo, outgoing, send } from '../support/relay.js';

const KEY = `SG.${'k'.repeat(22)}.${'s'.repeat(43)}`;

// How long recovery takes is random: each probe waits longer, up to 30 s.
const PATIENT = { timeout: 60_000 };

let relay: FakeSendGrid;
afterEach(() => relay.stop());

describe('a relay that cannot be reached', () => {
  it(
    'fails urgent and normal sends once it has been away for failFastAfterMs, bulk waits',
    PATIENT,
    async () => {
      relay = await FakeSendGrid.start({ apiKey: KEY });
      const { options, port } = relay;
      await relay.stop();
      const deliveries = deliveriesTo(
        { options },
        { queue: { failFastAfterMs: 200 } },
      );

      const bulk = send(deliveries, outgoing('bulk'), { lane: 'bulk' });
      const waiting = [
        send(deliveries, outgoing(1)),
        send(deliveries, outgoing(2), { lane: 'urgent' }),
      ];
      const results = await Promise.allSettled(waiting);
      const { outageMs } = deliveries.stats();

      for (const result of results) {
        expect(result).toMatchObject({
          status: 'rejected',
          reason: {
            code: 'RELAY_UNAVAILABLE',
            deliveryState: 'not-sent',
            retryable: true,
            scope: 'connection',
          },
        });
      }
      expect(() => deliveries.reserve({ lane: 'normal', message: {} })).toThrow(
        expect.objectContaining({ code: 'RELAY_UNAVAILABLE' }),
      );
      relay = await FakeSendGrid.start({ apiKey: KEY, port });
      await bulk;
      await send(deliveries, outgoing(3));
      expect(outageMs).toBeGreaterThanOrEqual(200);
      expect(deliveries.stats()).not.toHaveProperty('outageMs');
      await deliveries.drain(1000);
      expect(relay.counters.accepted).toBe(2);
    },
  );
});

describe('a relay that logs in and then goes', () => {
  it('is not called on again and again without a pause', async () => {
    const server = await ScriptedServer.start(({ event, socket }) => {
      if (event === 'AUTH') {
        setImmediate(() => socket.end('421 too busy\r\n'));
      }
      return undefined;
    });
    relay = await FakeSendGrid.start();
    const deliveries = deliveriesTo(server, { pool: { minConnections: 2 } });

    await new Promise((resolve) => void setTimeout(resolve, 1500));
    const { connections } = server;
    await deliveries.drain(100);
    await server.stop();

    expect(connections).toBeGreaterThan(1);
    expect(connections).toBeLessThan(40);
  });

  it(
    'fails normal messages after failFastAfterMs, and burns no bulk ones',
    PATIENT,
    async () => {
      let busy = true;
      const server = await ScriptedServer.start(({ event }) =>
        busy && event === 'MAIL' ? '421 too busy\r\n' : undefined,
      );
      relay = await FakeSendGrid.start();
      const deliveries = deliveriesTo(server, {
        pool: { maxConnections: 2 },
        queue: { failFastAfterMs: 1000 },
      });

      const bulk = [1, 2, 3].map((n) =>
        send(deliveries, outgoing(n), { lane: 'bulk' }),
      );
      await expect(send(deliveries, outgoing('now'))).rejects.toMatchObject({
        code: 'RELAY_UNAVAILABLE',
        deliveryState: 'not-sent',
      });
      busy = false;
      await Promise.all(bulk);
      await deliveries.drain(1000);
      await server.stop();

      expect(server.accepted).toHaveLength(3);
    },
  );
});

describe('a refused key', () => {
  it.each([534, 535, 538])('is told by %i to AUTH', async (code) => {
    relay = await FakeSendGrid.start();
    relay.fail('auth', `${code} no`);
    const deliveries = deliveriesTo(relay);

    await expect(deliveries.verify()).rejects.toMatchObject({
      code: 'ACCOUNT',
      responseCode: code,
    });
    await deliveries.drain(100);
  });

  it('is not told by 454 to AUTH, which is the relay’s trouble', async () => {
    relay = await FakeSendGrid.start();
    relay.fail('auth', '454 later');
    const deliveries = deliveriesTo(relay);

    await expect(deliveries.verify()).rejects.toMatchObject({
      code: 'RELAY_UNAVAILABLE',
    });
    await deliveries.drain(100);
  });

  it('fails sends at once with ACCOUNT and shows in stats', async () => {
    relay = await FakeSendGrid.start({ apiKey: KEY });
    const other = `SG.${'o'.repeat(22)}.${'t'.repeat(43)}`;
    const deliveries = deliveriesTo(relay, { apiKey: other });

    await expect(send(deliveries, outgoing(1))).rejects.toMatchObject({
      code: 'ACCOUNT',
      scope: 'account',
      responseCode: 535,
      deliveryState: 'not-sent',
    });
    expect(() => deliveries.reserve({ lane: 'normal', message: {} })).toThrow(
      expect.objectContaining({ code: 'ACCOUNT' }),
    );
    expect(deliveries.stats().account).toBe('refused');
    // Knocking again and again would lock the account out.
    expect(relay.counters.authRefused).toBe(1);
    await expect(deliveries.verify()).rejects.toMatchObject({
      code: 'ACCOUNT',
    });
    await deliveries.drain(1000);
  });

  it('lets connections that are open work on', async () => {
    relay = await FakeSendGrid.start({ apiKey: KEY });
    const deliveries = deliveriesTo(relay, { pool: { maxConnections: 2 } });
    await send(deliveries, outgoing(0));
    relay.fail(
      'auth',
      '535 Authentication failed: The provided authorization grant is invalid, expired, or revoked',
      { times: Infinity },
    );

    await Promise.all(
      Array.from({ length: 50 }, (_, n) => send(deliveries, outgoing(n + 1))),
    );
    await deliveries.drain(1000);

    expect(relay.counters.accepted).toBe(51);
  });
});

describe('verify', () => {
  it('sets up a connection and keeps it for use', async () => {
    relay = await FakeSendGrid.start();
    const deliveries = deliveriesTo(relay);

    await deliveries.verify();
    await send(deliveries, outgoing(1));
    await deliveries.drain(1000);

    expect(relay.counters.connections).toBe(1);
  });

  it('tells an unreachable relay', async () => {
    relay = await FakeSendGrid.start();
    const { options } = relay;
    await relay.stop();
    const deliveries = deliveriesTo({ options });

    await expect(deliveries.verify()).rejects.toMatchObject({
      code: 'RELAY_UNAVAILABLE',
    });
    await deliveries.drain(100);
  });
});
