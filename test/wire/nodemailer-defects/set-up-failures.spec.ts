import { afterEach, describe, expect, it, vi } from 'vitest';
import { FakeSendGrid } from '../../../lib/testing/fake-sendgrid.js';
import { deliveriesTo, outgoing, send } from '../../support/relay.js';
import { ScriptedServer } from '../../support/scripted-server.js';

/**
 * Defects D1 to D4 of nodemailer 10.6's pool, each of which burns messages on
 * connections that could not be had. None of them is ours.
 */
describe('a connection that cannot be had', () => {
  let stop: () => Promise<void> = async () => undefined;
  afterEach(() => stop());

  const count = (deliveries: ReturnType<typeof deliveriesTo>) =>
    deliveries.stats().totals;

  /** Sends so many at once and drains; resolves with the totals. */
  const sendAll = async (
    deliveries: ReturnType<typeof deliveriesTo>,
    messages: number,
  ) => {
    await Promise.allSettled(
      Array.from({ length: messages }, (_, n) => send(deliveries, outgoing(n))),
    );
    await deliveries.drain(2000);
    return count(deliveries);
  };

  it('D1: a refused greeting burns no message while other connections work', async () => {
    const relay = await FakeSendGrid.start({ maxConnections: 2, parse: false });
    stop = () => relay.stop();
    const deliveries = deliveriesTo(relay, { pool: { maxConnections: 10 } });

    const totals = await sendAll(deliveries, 300);

    expect(totals).toMatchObject({ accepted: 300, notSent: 0, rejected: 0 });
    expect(relay.counters.accepted).toBe(300);
  });

  it.each([
    ['AUTH', '454 temporary authentication failure'],
    ['MAIL', '421 too busy'],
  ] as const)(
    'D2: three times %s answered %s on a new connection burns no message',
    async (event, reply) => {
      vi.spyOn(Math, 'random').mockReturnValue(0.05);
      const server = await ScriptedServer.start((said) =>
        said.event === event && said.connection <= 3
          ? { say: `${reply}\r\n`, then: 'fin' }
          : undefined,
      );
      stop = () => server.stop();
      const deliveries = deliveriesTo(server, { pool: { maxConnections: 3 } });

      const totals = await sendAll(deliveries, 3);

      expect(totals).toMatchObject({ accepted: 3, notSent: 0, rejected: 0 });
    },
  );

  it(
    'D3: a relay that is down burns no queue: it is held and delivered after',
    // How long a probe waits is random, up to seconds.
    { timeout: 60_000 },
    async () => {
      const apiKey = `SG.${'k'.repeat(22)}.${'s'.repeat(43)}`;
      const down = await FakeSendGrid.start({ apiKey });
      const { options, port } = down;
      await down.stop();
      const deliveries = deliveriesTo(
        { options },
        { pool: { maxConnections: 5 }, queue: { failFastAfterMs: 50_000 } },
      );

      const sent = sendAll(deliveries, 200);
      await new Promise((resolve) => void setTimeout(resolve, 300));
      expect(count(deliveries)).toMatchObject({ pending: 200, notSent: 0 });
      const relay = await FakeSendGrid.start({ apiKey, port, parse: false });
      stop = () => relay.stop();

      expect(await sent).toMatchObject({ accepted: 200, notSent: 0 });
    },
  );

  it('D4: silent ends before the greeting cost no message, nor a storm of attempts', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.05);
    const server = await ScriptedServer.start(({ event, connection }) =>
      event === 'GREETING' && connection <= 8
        ? { say: '', then: 'fin' }
        : undefined,
    );
    stop = () => server.stop();
    const deliveries = deliveriesTo(server, { pool: { maxConnections: 5 } });

    const totals = await sendAll(deliveries, 200);

    expect(totals).toMatchObject({ accepted: 200, notSent: 0 });
    // Five at first, then one probe at a time, then what the backlog asks for.
    expect(server.connections).toBeLessThanOrEqual(5 + 4 + 5);
  });
});
