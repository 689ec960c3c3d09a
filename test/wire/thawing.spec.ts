import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';

import type { Deliveries } from '../../lib/delivery/deliveries.js';
import type { MailEvent } from '../../lib/events/mail-event.js';
import { SILENT } from '../../lib/options/log.js';
import type { SendGridSmtpOptions } from '../../lib/options/sendgrid-smtp-options.js';
import { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import { deliveriesTo, outgoing, send } from '../support/relay.js';

afterEach(() => {
  vi.restoreAllMocks();
});

let heard: MailEvent[];

async function setUp(
  pool: SendGridSmtpOptions['pool'],
): Promise<{ relay: FakeSendGrid; deliveries: Deliveries }> {
  const relay = await FakeSendGrid.start({ security: 'none' });
  onTestFinished(() => relay.stop());
  heard = [];
  const deliveries = deliveriesTo(relay, { pool }, SILENT, (event) =>
    heard.push(event),
  );
  onTestFinished(async () => {
    await deliveries.drain(1000);
  });
  return { relay, deliveries };
}

/** Has the relay say nothing at a stage; resolves once it does. */
async function stalled(
  relay: FakeSendGrid,
  stage: 'auth' | 'message',
): Promise<void> {
  await new Promise<void>((resolve) => {
    const when = (): boolean => {
      resolve();
      return true;
    };
    relay.fail(stage, 'stall', { when });
  });
}

/** Lets the clock run on as if the process had been stopped for a minute. */
function freeze(): void {
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + 60_000);
}

/** How many connections were told to be out of use for the freeze. */
function frozen(): number {
  return heard.filter(
    (event) => event.type === 'connection-rotated' && event.reason === 'frozen',
  ).length;
}

/** The connections that the messages came on, in their order. */
function connectionsOf(relay: FakeSendGrid): readonly number[] {
  return relay.messages.map(({ connection }) => connection);
}

describe('after a freeze', () => {
  it('an idle connection is not used', async () => {
    const { relay, deliveries } = await setUp({ maxConnections: 1 });
    await send(deliveries, outgoing(1));
    freeze();

    await send(deliveries, outgoing(2));

    expect(connectionsOf(relay)).toEqual([1, 2]);
    expect(frozen()).toBe(1);
  });

  it('a busy connection ends its message, says QUIT, and gets no other', async () => {
    const { relay, deliveries } = await setUp({
      maxConnections: 1,
      pipelining: 'envelope',
    });
    const stall = stalled(relay, 'message');
    const first = send(deliveries, outgoing(1));
    await stall;
    freeze();
    const second = send(deliveries, outgoing(2));
    relay.release();

    expect((await first).attempts).toBe(1);
    expect((await second).attempts).toBe(1);
    expect(connectionsOf(relay)).toEqual([1, 2]);
    await relay.waitUntil(({ quits }) => quits === 1);
    expect(frozen()).toBe(1);
  });

  it('nothing rides on an old connection but what did before', async () => {
    const { relay, deliveries } = await setUp({
      maxConnections: 1,
      pipelining: 'oneflight',
    });
    const stall = stalled(relay, 'message');
    const before = [1, 2].map((n) => send(deliveries, outgoing(n)));
    await stall;
    freeze();
    const after = [3, 4].map((n) => send(deliveries, outgoing(n)));
    relay.release();

    await Promise.all([...before, ...after]);
    expect(connectionsOf(relay)).toEqual([1, 1, 2, 2]);
  });

  it('a connection that was being set up is not used', async () => {
    const { relay, deliveries } = await setUp({ maxConnections: 1 });
    const stall = stalled(relay, 'auth');
    const first = send(deliveries, outgoing(1));
    await stall;
    freeze();
    const second = send(deliveries, outgoing(2));
    relay.release();

    expect((await first).attempts).toBe(1);
    expect((await second).attempts).toBe(1);
    expect(connectionsOf(relay)).toEqual([2, 2]);
    expect(frozen()).toBe(1);
  });
});
