import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Deliveries } from '../../lib/delivery/deliveries.js';
import { keyFingerprint } from '../../lib/options/key-fingerprint.js';
import type { Log } from '../../lib/options/log.js';
import { Secret } from '../../lib/options/secret.js';
import { FakeSendGrid } from '../../lib/testing/fake-sendgrid.js';
import { deliveriesTo, outgoing, send } from '../support/relay.js';

const FIRST = `SG.${'a'.repeat(22)}.${'b'.repeat(43)}`;
const SECOND = `SG.${'c'.repeat(22)}.${'d'.repeat(43)}`;

let relay: FakeSendGrid;
let deliveries: Deliveries;
let logged: string[] = [];
const LOG: Log = {
  info: (line) => logged.push(line),
  warn: (line) => logged.push(line),
};

beforeEach(() => {
  logged = [];
});

afterEach(async () => {
  await deliveries.drain(1000);
  await relay.stop();
});

/** A function that gives `key.now`, and counts its calls. */
function store(key: string): { now: string; calls: number; ask: () => string } {
  const held = {
    now: key,
    calls: 0,
    ask: () => {
      held.calls += 1;
      return held.now;
    },
  };
  return held;
}

function sendMany(from: number, count: number): Promise<unknown>[] {
  return Array.from({ length: count }, (_, n) =>
    send(deliveries, outgoing(from + n)),
  );
}

function subjects(): number[] {
  const numbers = relay.messages.map(({ subject }) => Number(subject));
  return numbers.toSorted((a, b) => a - b);
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n);
}

function print(key: string): string {
  return keyFingerprint(new Secret(key));
}

/** Lets the relay end every connection there is at its next MAIL. */
function dropThoseOpen(): void {
  const { connections } = relay.counters;
  relay.fail('mail', '421 4.7.0 Credentials revoked', {
    times: connections,
    when: ({ connection }) => connection <= connections,
  });
}

describe('a key revoked under load', () => {
  it.each([
    ['while its connections work on', () => undefined],
    ['while its connections are dropped', dropThoseOpen],
  ])(
    'is replaced without a message lost or failed, %s',
    { timeout: 60_000 },
    async (_, drop) => {
      relay = await FakeSendGrid.start();
      const key = store(relay.options.apiKey);
      const pool = { maxConnections: 6, maxMessagesPerConnection: 150 };
      deliveries = deliveriesTo(relay, { apiKey: key.ask, pool }, LOG);
      const early = sendMany(0, 1000);
      await relay.waitFor(300, { timeoutMs: 30_000 });
      key.now = relay.rotateKey();
      const old = relay.counters.connections;
      drop();
      const late = sendMany(1000, 1000);
      await Promise.all([...early, ...late]);

      expect(subjects()).toEqual(upTo(2000));
      expect(deliveries.stats()).toMatchObject({
        account: 'ok',
        keyFingerprint: print(key.now),
        totals: { accepted: 2000, notSent: 0, rejected: 0, unknown: 0 },
      });
      expect(relay.counters.authRefused).toBeGreaterThan(0);
      expect(relay.counters.closedWithoutQuit).toBe(0);
      const states = relay.connections.slice(0, old).map(({ state }) => state);
      expect(states).not.toContain('open');
      expect(logged.filter((line) => line.includes('No conn'))).toEqual([]);
      expect(key.calls).toBe(2);
    },
  );
});

describe('a new key', () => {
  it('ends the connections of the old one with QUIT once it has been taken', async () => {
    relay = await FakeSendGrid.start({ apiKey: [FIRST, SECOND] });
    let asked = 0;
    // Refused once, a key has its function asked at once.
    const apiKey = () => (asked++ === 0 ? FIRST : SECOND);
    deliveries = deliveriesTo(relay, { apiKey }, LOG);
    await Promise.all(sendMany(0, 3));
    const old = relay.counters.connections;
    relay.fail('auth', '535 revoked');
    await deliveries.verify();
    await relay.waitUntil(({ quits }) => quits === old);
    await Promise.all(sendMany(3, 20));

    const states = relay.connections.slice(0, old).map(({ state }) => state);
    expect(new Set(states)).toEqual(new Set(['quit']));
    expect(subjects()).toEqual(upTo(23));
    expect(relay.counters.closedWithoutQuit).toBe(0);
    expect(logged).toContain(
      `New connections use the API key ${print(SECOND)} (SHA-256) instead of ${print(FIRST)}.`,
    );
    expect(logged.join('\n')).not.toContain('No connection');
  });

  it('that is refused leaves the connections of the old one at work', async () => {
    relay = await FakeSendGrid.start({ apiKey: FIRST });
    const key = store(FIRST);
    const pool = { maxConnections: 2 };
    deliveries = deliveriesTo(relay, { apiKey: key.ask, pool }, LOG);
    await send(deliveries, outgoing(0));
    key.now = SECOND;
    relay.fail('auth', '535 revoked');
    await expect(deliveries.verify()).rejects.toMatchObject({
      code: 'ACCOUNT',
    });
    await send(deliveries, outgoing(1));

    expect(deliveries.stats()).toMatchObject({
      account: 'refused',
      keyFingerprint: print(SECOND),
      totals: { accepted: 2 },
    });
    expect(relay.connections[0]?.state).toBe('open');
    expect(relay.counters.authRefused).toBe(2);
  });
});

describe('a refused key', () => {
  it('of a function that gives no other is reported after one more call', async () => {
    relay = await FakeSendGrid.start({ apiKey: FIRST });
    const key = store(SECOND);
    deliveries = deliveriesTo(relay, { apiKey: key.ask }, LOG);

    await expect(send(deliveries, outgoing(0))).rejects.toMatchObject({
      code: 'ACCOUNT',
      responseCode: 535,
      deliveryState: 'not-sent',
    });
    expect(key.calls).toBe(2);
    expect(relay.counters.authRefused).toBe(1);
    expect(deliveries.stats().account).toBe('refused');
    expect(logged).toEqual([
      expect.stringContaining('does not let the account send'),
    ]);
  });

  it('is nothing that a message learns of when the next one is taken', async () => {
    relay = await FakeSendGrid.start({ apiKey: SECOND });
    let asked = 0;
    const apiKey = () => (asked++ === 0 ? FIRST : SECOND);
    deliveries = deliveriesTo(relay, { apiKey }, LOG);
    const { timings } = await send(deliveries, outgoing(0));

    expect(timings.totalMs).toBeLessThan(5000);
    expect(relay.counters.authRefused).toBe(1);
    expect(asked).toBe(2);
  });
});

describe('a refused key of a function', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('gives way to another as soon as there is one', async () => {
    relay = await FakeSendGrid.start({ apiKey: SECOND });
    const key = store(FIRST);
    deliveries = deliveriesTo(relay, { apiKey: key.ask }, LOG);
    const waiting = send(deliveries, outgoing(0), { lane: 'bulk' });
    await expect(send(deliveries, outgoing(1))).rejects.toMatchObject({
      code: 'ACCOUNT',
    });
    key.now = SECOND;
    await vi.advanceTimersByTimeAsync(30_000);
    await waiting;
    await send(deliveries, outgoing(2));

    expect(relay.counters.accepted).toBe(2);
    // The two first messages asked for a connection each.
    expect(relay.counters.authRefused).toBeLessThanOrEqual(2);
    expect(deliveries.stats().account).toBe('ok');
  });
});

describe('a function', () => {
  it('is asked while the connection is made', async () => {
    relay = await FakeSendGrid.start();
    const apiKey = async () => {
      await relay.waitUntil(({ tlsHandshakes }) => tlsHandshakes === 1);
      return relay.options.apiKey;
    };
    deliveries = deliveriesTo(relay, { apiKey });
    await send(deliveries, outgoing(0));

    expect(relay.counters).toMatchObject({ connections: 1, accepted: 1 });
  });

  it('may take longer than the relay keeps the connection for it', async () => {
    relay = await FakeSendGrid.start({ idleTimeoutMs: 100 });
    const apiKey = async () => {
      await relay.waitUntil(({ connections, open }) => connections > open);
      return relay.options.apiKey;
    };
    deliveries = deliveriesTo(relay, { apiKey });
    await send(deliveries, outgoing(0));

    expect(relay.counters).toMatchObject({ connections: 2, accepted: 1 });
  });

  it('is called once for connections that are set up side by side', async () => {
    relay = await FakeSendGrid.start();
    const key = store(relay.options.apiKey);
    const pool = { maxConnections: 10, maxConnecting: 10, minConnections: 10 };
    deliveries = deliveriesTo(relay, { apiKey: key.ask, pool });
    expect(deliveries.stats().keyFingerprint).toBeUndefined();
    await relay.waitUntil(({ authenticated }) => authenticated === 10);

    expect(key.calls).toBe(1);
    expect(deliveries.stats().keyFingerprint).toBe(print(key.now));
  });

  it.each([
    [
      'hangs',
      () => new Promise<string>(() => undefined),
      'RELAY_UNAVAILABLE',
      /did not answer within 50 ms/,
    ],
    [
      'throws',
      () => Promise.reject(new Error('sealed')),
      'RELAY_UNAVAILABLE',
      /There is no API key.*failed \(Error: sealed\)/,
    ],
    [
      'returns what is no key',
      () => `${FIRST}\n`,
      'ACCOUNT',
      /There is no API key.*trailing white space/,
    ],
  ])('that %s is told by verify', async (_, apiKey, code, reason) => {
    relay = await FakeSendGrid.start();
    const timeouts = { connectMs: 50 };
    deliveries = deliveriesTo(relay, { apiKey, timeouts }, LOG);
    await expect(deliveries.verify()).rejects.toMatchObject({
      code,
      deliveryState: 'not-sent',
      message: expect.stringMatching(reason),
    });

    expect(relay.counters.authRefused).toBe(0);
    expect(logged.join('\n')).not.toContain(FIRST);
  });

  it('that recovers settles no message meanwhile', async () => {
    relay = await FakeSendGrid.start();
    let asked = 0;
    const apiKey = () => {
      asked += 1;
      if (asked < 3) throw new Error('sealed');
      return relay.options.apiKey;
    };
    deliveries = deliveriesTo(relay, { apiKey }, LOG);
    await send(deliveries, outgoing(0), { lane: 'bulk' });

    expect(relay.counters.accepted).toBe(1);
    expect(logged.filter((line) => line.startsWith('No new'))).toHaveLength(1);
  });
});
