import { afterEach, describe, expect, it } from 'vitest';
import { FakeSendGrid } from '../../../lib/testing/fake-sendgrid.js';
import { deliveriesTo, outgoing, send } from '../../support/relay.js';
import { ScriptedServer } from '../../support/scripted-server.js';

/**
 * Defects D11 to D14 of nodemailer 10.6's pool: how it begins and ends
 * sessions. What connections share (D14) is also in shared-set-up.spec.ts.
 */
describe('sessions', () => {
  let stop: () => Promise<void> = async () => undefined;
  afterEach(() => stop());

  it('D11: every session ends with QUIT, at the cap and at the end', async () => {
    const relay = await FakeSendGrid.start({ parse: false });
    stop = () => relay.stop();
    const deliveries = deliveriesTo(relay, {
      pool: { maxConnections: 2, maxMessagesPerConnection: 3 },
    });

    await Promise.all(
      Array.from({ length: 20 }, (_, n) => send(deliveries, outgoing(n))),
    );
    await deliveries.drain(5000);

    const { quits, connections, closedWithoutQuit } = relay.counters;
    expect(connections).toBeGreaterThanOrEqual(7);
    expect({ quits, closedWithoutQuit }).toEqual({
      quits: connections,
      closedWithoutQuit: 0,
    });
  });

  it('D12: a replacement stands by before the connection it replaces ends', async () => {
    const server = await ScriptedServer.start();
    stop = () => server.stop();
    const deliveries = deliveriesTo(server, {
      pool: { maxConnections: 2, maxMessagesPerConnection: 5 },
    });

    for (let n = 0; n < 20; n += 1) await send(deliveries, outgoing(n));
    await deliveries.drain(5000);

    const ofConnection = (number: number, event: 'AUTH' | 'QUIT') =>
      server.said.findIndex(
        (said) => said.connection === number && said.event === event,
      );
    expect(server.connections).toBeGreaterThanOrEqual(4);
    for (const number of [1, 2, 3]) {
      const standsBy = ofConnection(number + 1, 'AUTH');
      expect(standsBy).toBeGreaterThan(0);
      expect(standsBy).toBeLessThan(ofConnection(number, 'QUIT'));
    }
  });

  it('D13: closing delivers what is queued, can be awaited, and names what it had to give up', async () => {
    const server = await ScriptedServer.start(({ event, line }) =>
      event === 'DOT' && line.includes('Hello 9') ? '' : undefined,
    );
    stop = () => server.stop();
    const deliveries = deliveriesTo(server, {
      pool: { maxConnections: 1, pipelining: 'envelope' },
    });
    const sends = Promise.allSettled(
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((n) =>
        send(deliveries, outgoing(n)),
      ),
    );

    const report = await deliveries.drain(1000);

    expect(report).toMatchObject({ accepted: 9, unknown: 1, notSent: 1 });
    expect((await sends).slice(9)).toMatchObject([
      { reason: { code: 'OUTCOME_UNKNOWN', deliveryState: 'unknown' } },
      { reason: { code: 'SHUT_DOWN', deliveryState: 'not-sent' } },
    ]);
  });

  it('D14: TLS sessions are resumed', async () => {
    const relay = await FakeSendGrid.start({ security: 'starttls' });
    stop = () => relay.stop();
    const deliveries = deliveriesTo(relay, {
      pool: { maxConnections: 1, maxMessagesPerConnection: 1 },
    });

    for (let n = 0; n < 3; n += 1) await send(deliveries, outgoing(n));
    await deliveries.drain(1000);

    expect(relay.counters).toMatchObject({ connections: 3, tlsResumed: 2 });
  });
});
