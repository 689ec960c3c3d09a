import { createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import { deliveriesTo, outgoing, send } from '../support/relay.js';
import { ScriptedServer } from '../support/scripted-server.js';

const UNSENT = expect.objectContaining({ lane: 'normal' });

let stop: () => Promise<void>;
afterEach(() => stop());

describe('drain', () => {
  it('delivers what is queued, says QUIT everywhere and reports', async () => {
    const relay = await FakeSendGrid.start({ parse: false, latencyMs: 2 });
    stop = () => relay.stop();
    const deliveries = deliveriesTo(relay);
    const sends = Promise.all(
      Array.from({ length: 500 }, (_, n) => send(deliveries, outgoing(n))),
    );

    const report = await deliveries.drain(20_000);

    expect(report).toEqual({
      accepted: 500,
      rejected: 0,
      unknown: 0,
      notSent: 0,
      abandoned: [],
    });
    expect(await sends).toHaveLength(500);
    expect(relay.counters).toMatchObject({ accepted: 500, open: 0 });
    expect(relay.counters.quits).toBe(relay.counters.connections);
  });

  it('settles everything when its time is over', async () => {
    const server = await ScriptedServer.start(({ event }) =>
      event === 'DOT' ? '' : undefined,
    );
    stop = () => server.stop();
    const deliveries = deliveriesTo(server, { pool: { maxConnections: 2 } });
    const sends = Promise.allSettled(
      Array.from({ length: 20 }, (_, n) => send(deliveries, outgoing(n))),
    );
    while (server.count('DOT') < 2) await new Promise(setImmediate);

    const report = await deliveries.drain(100);

    expect(report).toMatchObject({
      accepted: 0,
      rejected: 0,
      unknown: 2,
      notSent: 18,
      abandoned: Array(18).fill(UNSENT),
    });
    expect(report.abandoned).toHaveLength(18);
    const codes = (await sends).map((result) =>
      result.status === 'rejected'
        ? (result.reason as { code: string }).code
        : '',
    );
    expect(codes.filter((code) => code === 'OUTCOME_UNKNOWN')).toHaveLength(2);
    expect(codes.filter((code) => code === 'SHUT_DOWN')).toHaveLength(18);
  });

  it('with a dead relay settles everything as not sent', async () => {
    const server = await ScriptedServer.start(({ event }) =>
      event === 'GREETING' ? '' : undefined,
    );
    stop = () => server.stop();
    const deliveries = deliveriesTo(server);
    const sends = Promise.allSettled(
      Array.from({ length: 50 }, (_, n) => send(deliveries, outgoing(n))),
    );

    const report = await deliveries.drain(100);

    expect(report).toMatchObject({ notSent: 50 });
    expect((await sends).every(({ status }) => status === 'rejected')).toBe(
      true,
    );
  });

  it('does not wait for a relay that answers QUIT and then stays', async () => {
    // Half-open: the other side's FIN is never sent.
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => undefined);
      socket.write('220 ready\r\n');
      socket.on('data', (chunk) => {
        if (String(chunk).startsWith('EHLO')) {
          socket.write('250-x\r\n250 AUTH PLAIN\r\n');
        } else
          socket.write(
            String(chunk).startsWith('AUTH') ? '235 ok\r\n' : '221 bye\r\n',
          );
      });
    });
    await new Promise<void>(
      (resolve) => void server.listen(0, '127.0.0.1', resolve),
    );
    stop = async () => void server.close();
    // A TCP server that listens has an address of this form.
    const { port } = server.address() as AddressInfo;
    const apiKey = `SG.${'a'.repeat(22)}.${'b'.repeat(43)}`;
    const deliveries = deliveriesTo({
      options: { apiKey, host: '127.0.0.1', port, security: 'none' },
    });
    await deliveries.verify();

    const startedAt = performance.now();
    await deliveries.drain(200);

    expect(performance.now() - startedAt).toBeLessThan(1000);
  });

  it('is shared by repeated calls and refuses further sends', async () => {
    const relay = await FakeSendGrid.start();
    stop = () => relay.stop();
    const deliveries = deliveriesTo(relay);
    await send(deliveries, outgoing(1));

    const [first, second] = [deliveries.drain(1000), deliveries.drain(1000)];

    expect(await first).toBe(await second);
    expect(() => deliveries.reserve({ lane: 'normal', message: {} })).toThrow(
      expect.objectContaining({ code: 'SHUT_DOWN', deliveryState: 'not-sent' }),
    );
    await expect(deliveries.verify()).rejects.toMatchObject({
      code: 'SHUT_DOWN',
    });
  });

  it('lets in nobody who still waits for room', async () => {
    const server = await ScriptedServer.start(({ event }) =>
      event === 'DOT' ? '' : undefined,
    );
    stop = () => server.stop();
    const deliveries = deliveriesTo(server, {
      queue: { maxMessages: 1, whenFull: 'wait' },
    });
    const sends = Promise.allSettled(
      Array.from({ length: 3 }, (_, n) => send(deliveries, outgoing(n))),
    );

    await deliveries.drain(100);

    const codes = (await sends).map((result) =>
      result.status === 'rejected'
        ? (result.reason as { code: string }).code
        : '',
    );
    expect(codes).toEqual(['OUTCOME_UNKNOWN', 'SHUT_DOWN', 'SHUT_DOWN']);
    expect(deliveries.stats().totals).toMatchObject({
      pending: 0,
      submitted: 3,
    });
  });
});
