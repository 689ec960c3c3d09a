import { afterEach, describe, expect, it } from 'vitest';

import { Deliveries } from '../../../lib/delivery/deliveries.js';
import { resolveOptions } from '../../../lib/options/resolve-options.js';
import { telling } from '../../support/telling.js';

const open: Deliveries[] = [];

// Nothing is carried here, so no connection is ever opened.
function deliveries(maxMessages: number): Deliveries {
  const options = resolveOptions({
    apiKey: `SG.${'a'.repeat(22)}.${'b'.repeat(43)}`,
    queue: { maxMessages, whenFull: 'wait' },
  });
  const made = new Deliveries(options, telling());
  open.push(made);
  return made;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.drain(0)));
});

describe('reserving a place', () => {
  it('shows in the figures until the place is given back', async () => {
    const carrier = deliveries(2);
    const place = await carrier.reserve({ lane: 'bulk', message: {} });
    expect(carrier.stats()).toMatchObject({
      queue: { messages: 1, bytes: 0, byLane: { bulk: { messages: 0 } } },
      totals: { submitted: 1, pending: 1, notSent: 0 },
      account: 'ok',
      keyFingerprint: expect.stringMatching(/^[0-9a-f]{8}$/),
    });
    place.release();
    place.release();

    expect(carrier.stats()).toMatchObject({
      queue: { messages: 0 },
      totals: { submitted: 1, pending: 0, notSent: 1 },
    });
  });

  it('opens no connection', async () => {
    const carrier = deliveries(2);
    await carrier.reserve({ lane: 'normal', message: {} });

    expect(carrier.stats().connections.open).toBe(0);
  });

  it('is over once the instance drains, for everyone in the end', async () => {
    const carrier = deliveries(1);
    const first = await carrier.reserve({ lane: 'normal', message: {} });
    const second = carrier.reserve({ lane: 'normal', message: {} });
    let drained = false;
    const drain = carrier.drain(60_000).then((report) => {
      drained = true;
      return report;
    });
    expect(() => carrier.reserve({ lane: 'normal', message: {} })).toThrow(
      'shut down',
    );
    first.release();
    const place = await second;
    expect(drained).toBe(false);
    place.release();

    expect(await drain).toMatchObject({ accepted: 0, notSent: 3 });
  });

  it('that was taken away carries nothing', async () => {
    const carrier = deliveries(1);
    const place = await carrier.reserve({ lane: 'normal', message: {} });
    place.release();
    const mail = {
      messageId: '<1@shop.example>',
      sender: 'a@x.example',
      envelope: { from: 'a@x.example', to: ['b@x.example'] },
      content: { kind: 'bytes', bytes: Buffer.from('Hi\r\n') },
    } as const;

    await expect(carrier.carry(mail, place)).rejects.toMatchObject({
      code: 'SHUT_DOWN',
    });
    expect(carrier.stats().connections.open).toBe(0);
  });

  it('elsewhere does not count here', async () => {
    const carrier = deliveries(1);
    const foreign = {
      lane: 'normal',
      batch: undefined,
      reservedAt: 0,
      message: {},
      release: () => undefined,
      onRevoked: () => undefined,
    } as const;
    const mail = {
      messageId: '<1@shop.example>',
      sender: 'a@x.example',
      envelope: { from: 'a@x.example', to: ['b@x.example'] },
      content: { kind: 'bytes', bytes: Buffer.alloc(0) },
    } as const;

    await expect(carrier.carry(mail, foreign)).rejects.toThrow(TypeError);
  });

  it('and an address that SMTP cannot carry fail before any connection', async () => {
    const carrier = deliveries(1);
    const place = await carrier.reserve({ lane: 'normal', message: {} });
    const mail = {
      messageId: '<1@shop.example>',
      sender: 'a@x.example',
      envelope: { from: 'a@x.example', to: ['b@x.example>\r\nDATA'] },
      content: { kind: 'bytes', bytes: Buffer.alloc(0) },
    } as const;

    await expect(carrier.carry(mail, place)).rejects.toMatchObject({
      code: 'INVALID_MESSAGE',
      deliveryState: 'not-sent',
    });
    expect(carrier.stats()).toMatchObject({
      connections: { open: 0 },
      queue: { messages: 0 },
      totals: { notSent: 1, pending: 0 },
    });
  });
});
