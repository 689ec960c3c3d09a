import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Deliveries } from '../../lib/delivery/deliveries.js';
import { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import { deliveriesTo, outgoing, send } from '../support/relay.js';

let relay: FakeSendGrid;
let deliveries: Deliveries;

beforeEach(async () => {
  relay = await FakeSendGrid.start({ parse: false });
  deliveries = deliveriesTo(relay);
  deliveries.pause('for the test');
});
afterEach(async () => {
  await deliveries.drain(1000);
  await relay.stop();
});

function bytes(): Record<string, number> {
  const { urgent, normal, bulk } = deliveries.stats().queue.byLane;
  return { urgent: urgent.bytes, normal: normal.bytes, bulk: bulk.bytes };
}

describe('the bytes that wait in a lane', () => {
  it('are those of its messages, until they leave', async () => {
    const sends = [
      send(deliveries, outgoing(1), { lane: 'urgent' }),
      send(deliveries, outgoing(2), { lane: 'bulk' }),
      send(deliveries, outgoing(3), { lane: 'bulk' }),
    ];
    await new Promise(setImmediate);
    const waiting = bytes();
    const { bytes: all } = deliveries.stats().queue;

    deliveries.resume();
    await Promise.all(sends);

    expect(waiting['urgent']).toBeGreaterThan(90);
    expect(waiting['bulk']).toBe(2 * (waiting['urgent'] ?? 0));
    expect(waiting['normal']).toBe(0);
    expect(all).toBe(3 * (waiting['urgent'] ?? 0));
    expect(bytes()).toEqual({ urgent: 0, normal: 0, bulk: 0 });
  });

  it('are gone when the messages are purged', async () => {
    const sends = Promise.allSettled([
      send(deliveries, outgoing(1)),
      send(deliveries, outgoing(2), { lane: 'urgent' }),
    ]);
    await new Promise(setImmediate);
    const before = bytes();

    deliveries.purge(undefined, () => true);
    await sends;

    expect(before['normal']).toBeGreaterThan(0);
    expect(bytes()).toEqual({ urgent: 0, normal: 0, bulk: 0 });
  });

  it('come back with a message that a lost connection gives back', async () => {
    relay.fail('data', 'drop');
    deliveries.resume();

    await send(deliveries, outgoing(1));

    expect(relay.counters.connections).toBe(2);
    expect(bytes()).toEqual({ urgent: 0, normal: 0, bulk: 0 });
  });

  it('leave out streams, which are not in memory', async () => {
    const open = (): Readable => Readable.from(['Subject: x\r\n\r\nHi\r\n']);
    const content = { kind: 'stream', open, reusable: true } as const;
    const sent = send(deliveries, outgoing(1, { content }));
    await new Promise(setImmediate);

    const waiting = deliveries.stats().queue.byLane.normal;
    deliveries.resume();
    await sent;

    expect(waiting).toMatchObject({ messages: 1, bytes: 0 });
  });
});
