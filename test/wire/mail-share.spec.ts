import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { SILENT } from '../../lib/options/log.js';
import { resolveOptions } from '../../lib/options/resolve-options.js';
import { MailShareHolder } from '../../lib/outbox/fleet/mail-share-holder.js';
import { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import type { MailInstance } from '../../lib/transport/mail-instance.js';
import { openInstance } from '../../lib/transport/open-instance.js';
import { outgoing, send } from '../support/relay.js';

const NONE = { connections: 0, rate: undefined, paused: undefined };

let relay: FakeSendGrid;
let instance: MailInstance;
let holder: MailShareHolder;
let backlog: number;

beforeEach(async () => {
  relay = await FakeSendGrid.start({ parse: false });
  const options = resolveOptions({
    ...relay.options,
    pool: { maxConnections: 6 },
    rateLimit: { messages: 1000, perMs: 60_000 },
    defaults: { from: 'hello@shop.example' },
  });
  instance = openInstance(options, 'default', SILENT);
  backlog = 0;
  holder = new MailShareHolder(instance, () => backlog);
});

afterEach(async () => {
  await instance.drain(1);
  await relay.stop();
});

function sendMany(count: number): Promise<unknown>[] {
  return Array.from({ length: count }, (_, n) =>
    send(instance.open().carrier, outgoing(n)),
  );
}

describe('the share of a mail instance', () => {
  it('bounds its connections and its rate', async () => {
    holder.take({
      connections: 2,
      rate: { messages: 5, perMs: 60_000 },
      paused: undefined,
    });

    const sends = sendMany(20);
    void Promise.allSettled(sends);
    await relay.waitUntil(({ accepted }) => accepted === 5);
    await vi.waitFor(() =>
      expect(holder.demand).toEqual({ connections: 6, messages: 15 }),
    );

    expect(holder.usage.messages).toBe(5);
    expect(holder.usage.connections).toBeLessThanOrEqual(2);
    expect(relay.counters.maxOpen).toBeLessThanOrEqual(2);
    holder.take({ ...NONE, connections: 2 });
    await Promise.all(sends);
    // Its own limit holds where the fleet has none.
    expect(holder.usage.messages).toBe(20);
  });

  it('is asked for by what waits here and elsewhere, as far as the pool goes', () => {
    holder.take(NONE);
    expect(holder.demand).toEqual({ connections: 0, messages: 0 });
    backlog = 4;
    expect(holder.demand).toEqual({ connections: 4, messages: 4 });
    backlog = 400;

    expect(holder.demand).toEqual({ connections: 6, messages: 400 });
  });

  it('is dropped with all its connections', async () => {
    holder.take({ ...NONE, connections: 3 });
    relay.fail('message', 'stall');
    const [stalled] = sendMany(1);
    const failed = stalled?.catch((error: unknown) => error);
    // Its dot is out.
    await vi.waitFor(() => expect(relay.counters.mailFrom).toBe(1));
    await new Promise((resolve) => setTimeout(resolve, 100));

    holder.take(NONE);
    holder.drop();

    expect(await failed).toMatchObject({ code: 'OUTCOME_UNKNOWN' });
    await vi.waitFor(() => expect(holder.usage.connections).toBe(0));
  });

  it('pauses and resumes', () => {
    holder.take({ ...NONE, paused: 'an incident' });
    expect(instance.stats().paused).toBe('an incident');
    holder.take({ ...NONE, paused: 'another' });
    expect(instance.stats().paused).toBe('another');
    holder.take(NONE);

    expect(instance.stats().paused).toBeUndefined();
  });

  it('leaves a pause alone that this process has ordered for itself', () => {
    instance.pause('my own');
    holder.take({ ...NONE, paused: 'an incident' });
    expect(instance.stats().paused).toBe('my own');
    holder.take(NONE);

    expect(instance.stats().paused).toBe('my own');
  });
});
