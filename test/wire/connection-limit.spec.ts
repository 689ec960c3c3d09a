import { afterEach, describe, expect, it, vi } from 'vitest';

import type { Deliveries } from '../../lib/delivery/deliveries.js';
import type { MailEvent } from '../../lib/events/mail-event.js';
import type { FakeSendGridOptions } from '../../lib/testing/fake-sendgrid/options.js';
import { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import { deliveriesTo, outgoing, send } from '../support/relay.js';

let relay: FakeSendGrid;
let deliveries: Deliveries;
let events: MailEvent[];

afterEach(async () => {
  await deliveries.drain(1);
  await relay.stop();
});

async function start(
  fake: FakeSendGridOptions = {},
  maxConnections = 8,
): Promise<void> {
  relay = await FakeSendGrid.start({ parse: false, latencyMs: 2, ...fake });
  events = [];
  deliveries = deliveriesTo(
    relay,
    { pool: { maxConnections } },
    undefined,
    (event) => events.push(event),
  );
}

function fill(count: number): Promise<PromiseSettledResult<unknown>[]> {
  return Promise.allSettled(
    Array.from({ length: count }, (_, n) => send(deliveries, outgoing(n))),
  );
}

function open(count: number): Promise<void> {
  return vi.waitFor(() => expect(relay.counters.open).toBe(count), {
    timeout: 10_000,
    interval: 5,
  });
}

describe('a limit on the connections of a pool', () => {
  it('holds from the first connection on', async () => {
    await start();
    deliveries.limitConnections(3);

    await fill(500);

    expect(relay.counters).toMatchObject({ accepted: 500, maxOpen: 3 });
    expect(deliveries.usage.connections).toBe(3);
  });

  it('never raises `maxConnections`', async () => {
    await start({}, 2);
    deliveries.limitConnections(5);

    await fill(200);

    expect(relay.counters.maxOpen).toBe(2);
  });

  it('when lowered ends what is idle at once, with QUIT', async () => {
    await start();
    await fill(500);
    await open(8);

    deliveries.limitConnections(2);
    await open(2);

    expect(relay.counters.closedWithoutQuit).toBe(0);
    await vi.waitFor(() => expect(deliveries.usage.connections).toBe(2));
    const ended = events.filter(({ type }) => type === 'connection-rotated');
    expect(ended).toHaveLength(6);
    expect(ended).toContainEqual(expect.objectContaining({ reason: 'budget' }));
  });

  it('when lowered lets busy connections bring to an end what they carry', async () => {
    await start();
    const filled = fill(1500);
    await relay.waitUntil(({ accepted }) => accepted > 200);

    deliveries.limitConnections(1);
    await open(1);
    const left = deliveries.stats().totals.pending;
    const results = await filled;

    expect(left).toBeGreaterThan(0);
    expect(results.every(({ status }) => status === 'fulfilled')).toBe(true);
    expect(relay.counters).toMatchObject({
      accepted: 1500,
      closedWithoutQuit: 0,
    });
  });

  it('of none holds everything until it is raised again', async () => {
    await start();
    const filled = fill(2000);
    await relay.waitUntil(({ accepted }) => accepted > 200);

    deliveries.limitConnections(0);
    await vi.waitFor(() => expect(deliveries.usage.connections).toBe(0));
    const { accepted } = relay.counters;
    const { pending } = deliveries.stats().totals;
    const late = send(deliveries, outgoing('late'));
    await open(0);

    expect(pending).toBeGreaterThan(0);
    expect(relay.counters.accepted).toBe(accepted);
    deliveries.limitConnections(8);
    await late;
    await filled;
    expect(relay.counters).toMatchObject({
      accepted: 2001,
      closedWithoutQuit: 0,
    });
  });

  it('lets nobody verify beyond it', async () => {
    await start();
    deliveries.limitConnections(0);

    await expect(deliveries.verify()).rejects.toMatchObject({
      code: 'RELAY_UNAVAILABLE',
      message: expect.stringContaining(
        'may hold no more connections',
      ) as string,
    });
    expect(relay.counters.connections).toBe(0);
  });
});

describe('connections that are withdrawn', () => {
  it('are gone at once, their messages moved or unknown', async () => {
    await start();
    const filled = fill(2000);
    await relay.waitUntil(({ accepted }) => accepted > 200);

    deliveries.limitConnections(0);
    deliveries.dropConnections();
    await vi.waitFor(() => expect(deliveries.usage.connections).toBe(0));
    const { accepted } = relay.counters;
    deliveries.limitConnections(8);
    const results = await filled;

    expect(accepted).toBeLessThan(2000);
    const failed = results.filter(({ status }) => status === 'rejected');
    for (const result of failed) {
      expect(result).toMatchObject({ reason: { code: 'OUTCOME_UNKNOWN' } });
    }
    const sent = results.length - failed.length;
    expect(relay.counters.accepted).toBeGreaterThanOrEqual(sent);
    expect(relay.counters.accepted).toBeLessThanOrEqual(2000);
  });
});
