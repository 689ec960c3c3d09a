import { afterEach, describe, expect, it } from 'vitest';
import { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import { deliveriesTo, outgoing, send } from '../support/relay.js';

let relay: FakeSendGrid;
afterEach(() => relay.stop());

describe.each([
  ['starttls', 'auto'],
  ['starttls', 'off'],
  ['starttls', 'envelope'],
  ['starttls', 'oneflight'],
  ['implicit', 'auto'],
  ['none', 'oneflight'],
] as const)('sending over %s with pipelining %s', (security, pipelining) => {
  it('delivers each message once and reuses connections', async () => {
    relay = await FakeSendGrid.start({ security });
    const deliveries = deliveriesTo(relay, {
      pool: { maxConnections: 2, pipelining },
    });

    const receipts = await Promise.all(
      Array.from({ length: 50 }, (_, n) => send(deliveries, outgoing(n))),
    );
    await deliveries.drain(5000);

    expect(receipts.every((one) => one.accepted.length === 1)).toBe(true);
    const subjects = relay.messages.map((message) => message.subject);
    expect(new Set(subjects).size).toBe(50);
    expect(relay.messages).toHaveLength(50);
    expect(relay.counters.maxOpen).toBeLessThanOrEqual(2);
    expect(relay.counters.quits).toBe(relay.counters.connections);
  });
});
