import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Deliveries } from '../../lib/delivery/deliveries.js';
import type { MailEvent } from '../../lib/events/mail-event.js';
import type { SendGridSmtpOptions } from '../../lib/options/sendgrid-smtp-options.js';
import { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import type {
  Fault,
  FaultStage,
} from '../../lib/testing/fake-sendgrid/faults.js';
import { SENDGRID_REPLIES } from '../../lib/testing/fake-sendgrid/replies.js';
import { deliveriesTo, outgoing, send } from '../support/relay.js';

const { couldNotAuthenticate, creditsExceeded, messagingLimits } =
  SENDGRID_REPLIES;
const { unauthenticated } = SENDGRID_REPLIES;
const MINUTE = 60_000;

let relay: FakeSendGrid;
let deliveries: Deliveries;
let events: MailEvent[] = [];
let warned: string[] = [];
let informed: string[] = [];

beforeEach(async () => {
  relay = await FakeSendGrid.start();
  vi.useFakeTimers({
    toFake: [
      'setTimeout',
      'clearTimeout',
      'setInterval',
      'clearInterval',
      'performance',
    ],
  });
});

afterEach(async () => {
  vi.useRealTimers();
  await deliveries.drain(1000);
  await relay.stop();
});

function start(options: Partial<SendGridSmtpOptions> = {}): void {
  events = [];
  warned = [];
  informed = [];
  const log = {
    info: (line: string) => informed.push(line),
    warn: (line: string) => warned.push(line),
  };
  deliveries = deliveriesTo(relay, options, log, (event) => events.push(event));
}

/** The relay says so at that stage from now on. */
function refuse(
  stage: FaultStage,
  reply: Extract<Fault, `${number} ${string}`>,
): void {
  relay.fail(stage, reply, { times: Infinity });
}

/** Once the instance is paused. */
async function paused(): Promise<void> {
  await vi.waitFor(() => expect(deliveries.stats().account).toBe('paused'));
}

function told(type: MailEvent['type']): MailEvent[] {
  return events.filter((event) => event.type === type);
}

function sendMany(count: number): Promise<unknown>[] {
  return Array.from({ length: count }, (_, n) => send(deliveries, outgoing(n)));
}

/** Waits until all that was said has been answered. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const FAULTS: [string, FaultStage, Extract<Fault, `${number} ${string}`>][] = [
  ['used up its credits, told at AUTH', 'auth', creditsExceeded],
  ['used up its credits, told at MAIL', 'mail', creditsExceeded],
  ['may not be used from here', 'auth', couldNotAuthenticate],
  ['is over its messaging limits', 'message', messagingLimits],
  ['is not known to the connection', 'mail', unauthenticated],
];

describe('an account that', () => {
  it.each(FAULTS)(
    '%s has all held, burns nothing, and goes on by itself',
    async (_, stage, reply) => {
      start();
      refuse(stage, reply);
      const sends = Promise.all(sendMany(50));
      await paused();
      await quiet();
      const asked = relay.counters.mailFrom + relay.counters.connections;
      expect(deliveries.stats()).toMatchObject({
        totals: { pending: 50, rejected: 0, notSent: 0 },
      });
      await vi.advanceTimersByTimeAsync(MINUTE - 5000);
      expect(relay.counters.mailFrom + relay.counters.connections).toBe(asked);
      relay.clear();
      await vi.advanceTimersByTimeAsync(5000);
      await sends;

      expect(relay.counters.accepted).toBe(50);
      expect(deliveries.stats()).toMatchObject({
        account: 'ok',
        totals: { accepted: 50, pending: 0 },
      });
      expect(told('account-paused')).toMatchObject([
        {
          reason: 'paused',
          reply: { code: Number(reply.slice(0, 3)) },
        },
      ]);
      expect(told('account-resumed')).toHaveLength(1);
      expect(told('deferred')).toEqual([]);
      expect(warned).toHaveLength(1);
      expect(warned[0]).toContain(reply);
      expect(warned[0]).toContain('What is queued is held');
      expect(informed.filter((line) => line.includes('again'))).toHaveLength(1);
    },
  );
});

describe('a paused account', () => {
  it.each<[string, FaultStage]>([
    ['log-in', 'auth'],
    ['message', 'mail'],
  ])('is probed by one %s after 1, 5, 15 and 60 minutes', async (_, stage) => {
    start({ retry: { maxHoldMs: 86_400_000 } });
    refuse(stage, creditsExceeded);
    const sends = Promise.all(sendMany(5));
    await paused();
    await quiet();
    for (const minutes of [1, 5, 15, 60, 60]) {
      const { connections } = relay.counters;
      await vi.advanceTimersByTimeAsync(minutes * MINUTE - 100);
      await quiet();
      expect(relay.counters.connections).toBe(connections);
      await vi.advanceTimersByTimeAsync(100);
      await vi.waitFor(() =>
        expect(relay.counters.connections).toBe(connections + 1),
      );
      await quiet();
      expect(relay.counters.connections).toBe(connections + 1);
    }
    relay.clear();
    await vi.advanceTimersByTimeAsync(60 * MINUTE);
    await sends;

    expect(told('account-paused')).toHaveLength(1);
    expect(told('account-resumed')).toHaveLength(1);
    expect(warned).toHaveLength(1);
  });

  it('fails new urgent and normal sends after failFastAfterMs, bulk ones wait', async () => {
    start();
    refuse('auth', creditsExceeded);
    const before = send(deliveries, outgoing('before'));
    await paused();
    await vi.advanceTimersByTimeAsync(4000);
    const early = send(deliveries, outgoing('early'));
    await vi.advanceTimersByTimeAsync(1000);

    for (const lane of ['normal', 'urgent'] as const) {
      await expect(
        send(deliveries, outgoing(lane), { lane }),
      ).rejects.toMatchObject({
        code: 'ACCOUNT',
        scope: 'account',
        retryable: true,
        deliveryState: 'not-sent',
        response: creditsExceeded,
        message: expect.stringContaining('Buy credits'),
      });
    }
    const bulk = send(deliveries, outgoing('bulk'), { lane: 'bulk' });
    expect(deliveries.stats().totals.pending).toBe(3);
    relay.clear();
    await vi.advanceTimersByTimeAsync(MINUTE);
    await Promise.all([before, early, bulk]);
    await send(deliveries, outgoing('after'));

    expect(relay.counters.accepted).toBe(4);
  });

  it('gives up what it has held for maxHoldMs', async () => {
    start({ retry: { maxHoldMs: 10 * MINUTE } });
    refuse('mail', creditsExceeded);
    const sends = Promise.allSettled(sendMany(3));
    await paused();
    await quiet();
    await vi.advanceTimersByTimeAsync(5.5 * MINUTE);
    await quiet();
    await vi.advanceTimersByTimeAsync(6 * MINUTE);

    for (const result of await sends) {
      expect(result).toMatchObject({
        reason: { code: 'EXPIRED', scope: 'account', reply: { code: 451 } },
      });
    }
  });

  it('is asked by a new send where nothing is held that could ask', async () => {
    start();
    refuse('mail', creditsExceeded);
    const controller = new AbortController();
    const { signal } = controller;
    const first = Promise.allSettled([
      send(deliveries, outgoing(1), { signal }),
    ]);
    await paused();
    controller.abort();
    await first;
    await vi.advanceTimersByTimeAsync(MINUTE - 1000);
    await expect(send(deliveries, outgoing(2))).rejects.toMatchObject({
      code: 'ACCOUNT',
    });
    const { connections } = relay.counters;
    relay.clear();
    await vi.advanceTimersByTimeAsync(10 * MINUTE);
    expect(relay.counters.connections).toBe(connections);
    await send(deliveries, outgoing(3));

    expect(deliveries.stats().account).toBe('ok');
    expect(relay.counters.accepted).toBe(1);
  });

  it('is known to be in order by verify, too', async () => {
    start();
    relay.fail('auth', creditsExceeded);
    await expect(deliveries.verify()).rejects.toMatchObject({
      code: 'ACCOUNT',
      retryable: true,
    });
    expect(deliveries.stats().account).toBe('paused');
    await vi.advanceTimersByTimeAsync(100);
    await deliveries.verify();

    expect(deliveries.stats().account).toBe('ok');
  });

  it('lets what is on the wire end, and is over only by what begins later', async () => {
    start({ pool: { maxConnections: 2 } });
    await Promise.all(sendMany(2));
    relay.fail('message', 'stall');
    const slow = send(deliveries, outgoing('slow'));
    await relay.waitUntil(({ mailFrom }) => mailFrom === 3);
    relay.fail('mail', creditsExceeded);
    const held = send(deliveries, outgoing('held'));
    await paused();
    relay.release();
    await slow;
    expect(deliveries.stats().account).toBe('paused');
    await vi.advanceTimersByTimeAsync(MINUTE);
    await held;

    expect(deliveries.stats()).toMatchObject({
      account: 'ok',
      totals: { accepted: 4, rejected: 0 },
    });
  });

  it('does not age what waits for another attempt', async () => {
    start({ retry: { maxAttempts: 3, baseDelayMs: 1000 } });
    relay.fail('mail', '451 Later');
    relay.fail('mail', creditsExceeded);
    const sent = send(deliveries, outgoing(1));
    await vi.waitFor(() => expect(told('deferred')).toHaveLength(1));
    await vi.advanceTimersByTimeAsync(1000);
    await paused();
    await vi.advanceTimersByTimeAsync(MINUTE);

    expect(await sent).toMatchObject({ attempts: 3 });
  });
});

describe('a refused key', () => {
  it('leaves open connections at work, and is tried after 1, 5, 15 and 60 minutes', async () => {
    start({
      pool: {
        maxConnections: 2,
        idleTimeoutMs: 86_400_000,
        maxLifetimeMs: 86_400_000,
      },
    });
    await send(deliveries, outgoing(0));
    refuse('auth', '535 Authentication failed: revoked');
    await expect(deliveries.verify()).rejects.toMatchObject({
      code: 'ACCOUNT',
      responseCode: 535,
    });
    expect(deliveries.stats().account).toBe('refused');
    for (const minutes of [1, 5, 15, 60, 60]) {
      const { authRefused } = relay.counters;
      await vi.advanceTimersByTimeAsync(minutes * MINUTE - 100);
      await send(deliveries, outgoing(minutes));
      expect(relay.counters.authRefused).toBe(authRefused);
      await vi.advanceTimersByTimeAsync(200);
      await vi.waitFor(() =>
        expect(relay.counters.authRefused).toBe(authRefused + 1),
      );
      await quiet();
    }
    relay.clear();
    await vi.advanceTimersByTimeAsync(61 * MINUTE);
    await vi.waitFor(() => expect(deliveries.stats().account).toBe('ok'));

    expect(relay.connections[0]?.state).toBe('open');
    expect(told('account-paused')).toMatchObject([{ reason: 'refused' }]);
    expect(told('account-resumed')).toHaveLength(1);
    expect(deliveries.stats().totals).toMatchObject({
      accepted: 6,
      notSent: 0,
    });
  });
});
