import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  MailService,
  SendGridSmtpModule,
  type MailEvent,
  type SendGridSmtpModuleOptions,
  type SendReceipt,
} from 'nestjs-sendgrid-smtp';
import { FakeSendGrid, SENDGRID_REPLIES } from 'nestjs-sendgrid-smtp/testing';
import { ConnectionBudget } from '../../lib/pool/connection-budget.js';
import { MESSAGE } from './support/options.js';
import { recordLogs } from './support/recording-logger.js';

const logger = recordLogs();

/** Many messages against one. */
const BACKLOG = 1200;

let app: INestApplicationContext | undefined;
let relay: FakeSendGrid;

afterEach(async () => {
  await app?.close();
  app = undefined;
  await relay.stop();
  ConnectionBudget.renew(relay.host);
});

const KEYS: Readonly<Record<string, string>> = {
  a: `SG.${'a'.repeat(22)}.${'a'.repeat(43)}`,
  b: `SG.${'b'.repeat(22)}.${'b'.repeat(43)}`,
  c: `SG.${'c'.repeat(22)}.${'c'.repeat(43)}`,
};

/** An application that sends for tenants only, each with its own key. */
async function start(
  options: SendGridSmtpModuleOptions = {},
  latencyMs = 0,
): Promise<MailService> {
  relay = await FakeSendGrid.start({
    apiKey: Object.values(KEYS),
    parse: false,
    latencyMs,
  });
  const { apiKey: _apiKey, ...rest } = relay.options;
  app = await NestFactory.createApplicationContext(
    SendGridSmtpModule.forRoot({
      ...rest,
      shutdown: { timeoutMs: 20_000 },
      tenants: (id) => ({
        apiKey: KEYS[id] ?? `SG.${'x'.repeat(22)}.${'x'.repeat(43)}`,
        defaults: { from: `mail@${id}.example` },
      }),
      ...options,
    }),
    { logger },
  );
  return app.get(MailService);
}

function fill(mail: MailService, count: number): Promise<SendReceipt>[] {
  return Array.from({ length: count }, () => mail.send(MESSAGE));
}

describe('tenants at the relay', () => {
  it('have a key and connections of their own, made on first use', async () => {
    const mail = await start({ pool: { minConnections: 1 } });
    const [a, b] = [mail.forTenant('a'), mail.forTenant('b')];
    expect(relay.counters.connections).toBe(0);
    await Promise.all([a.send(MESSAGE), b.send(MESSAGE), b.send(MESSAGE)]);

    expect(a.stats().connections.open).toBeGreaterThan(0);
    expect(a.stats().keyFingerprint).not.toBe(b.stats().keyFingerprint);
    expect(a.stats().totals.accepted).toBe(1);
    expect(b.stats().totals.accepted).toBe(2);
    expect(mail.stats().connections.open).toBe(0);
  });

  it('are all the instance sends for without a key of its own', async () => {
    const mail = await start();

    await expect(mail.send(MESSAGE)).rejects.toMatchObject({
      code: 'INVALID_OPTIONS',
      message: expect.stringContaining('forTenant(id)'),
    });
    await expect(mail.verify()).rejects.toMatchObject({
      code: 'INVALID_OPTIONS',
    });
    expect(relay.counters.connections).toBe(0);
  });

  it('are paused one by one when the account is at fault', async () => {
    const mail = await start();
    const [a, b] = [mail.forTenant('a'), mail.forTenant('b')];
    const heard: MailEvent[] = [];
    mail.events$.subscribe((event) => heard.push(event));
    relay.fail('auth', SENDGRID_REPLIES.creditsExceeded, {
      when: ({ connection }) => connection === 1,
    });
    const held = a.send(MESSAGE);
    held.catch(() => undefined);
    await relay.waitUntil(({ authRefused }) => authRefused === 1);
    await b.send(MESSAGE);

    expect(a.stats()).toMatchObject({
      account: 'paused',
      totals: { pending: 1 },
    });
    expect(b.stats().account).toBe('ok');
    const paused = heard.filter(({ type }) => type === 'account-paused');
    expect(paused).toMatchObject([{ tenant: 'a', reason: 'paused' }]);
    expect(logger.text).toMatch(/\[default\] Tenant a: /);
    a.purge();
    await expect(held).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it('are refused one by one when a key is', async () => {
    const mail = await start();
    const [bad, b] = [mail.forTenant('bad'), mail.forTenant('b')];

    await expect(bad.send(MESSAGE)).rejects.toMatchObject({ code: 'ACCOUNT' });
    await b.send(MESSAGE);
    await expect(bad.verify()).rejects.toMatchObject({ code: 'ACCOUNT' });
    await b.verify();

    expect(bad.stats().account).toBe('refused');
    expect(b.stats().account).toBe('ok');
  });

  it.each([
    ['as many connections as they like', 10_000, 10],
    ['three connections in all', 3, 10],
    ['one connection in all', 1, 10],
  ])(
    'are not delayed by the backlog of another, with %s',
    async (_, budget, maxConnections) => {
      const mail = await start(
        { pool: { maxConnections }, queue: { maxMessages: BACKLOG } },
        2,
      );
      ConnectionBudget.renew(relay.host, budget);
      const [a, b] = [mail.forTenant('a'), mail.forTenant('b')];
      const sends = fill(a, BACKLOG);
      await relay.waitUntil(({ accepted }) => accepted > 20);
      const before = a.stats().totals.accepted;
      await b.send(MESSAGE);

      // What a had sent meanwhile does not depend on what it has to send.
      const meanwhile = a.stats().totals.accepted - before;
      expect(meanwhile).toBeLessThan(BACKLOG / 4);
      await Promise.all(sends);
      expect(relay.counters.maxOpen).toBeLessThanOrEqual(budget);
      expect(relay.counters).toMatchObject({ accepted: BACKLOG + 1 });
    },
  );

  it('share the last connection, whoever of them has the most', async () => {
    const mail = await start({}, 1);
    ConnectionBudget.renew(relay.host, 1);
    const sends = ['a', 'b', 'c'].flatMap((id) => fill(mail.forTenant(id), 40));

    await Promise.all(sends);

    expect(relay.counters).toMatchObject({ accepted: 120, maxOpen: 1 });
  });
});

describe('tenants beyond `maxTenants`', () => {
  it('have their connections closed with QUIT, the least recently used first', async () => {
    const mail = await start({ maxTenants: 2 });
    const [a, b, c] = ['a', 'b', 'c'].map((id) => mail.forTenant(id));
    await a?.send(MESSAGE);
    await b?.send(MESSAGE);
    await a?.send(MESSAGE);
    await c?.send(MESSAGE);
    const { open } = await relay.waitUntil(({ quits }) => quits === 1);

    expect(open).toBe(2);
    expect(b?.stats().connections.open).toBe(0);
    expect(a?.stats().totals.accepted).toBe(2);
    await b?.send(MESSAGE);
    expect(relay.counters).toMatchObject({
      accepted: 5,
      connections: 4,
      closedWithoutQuit: 0,
    });
  });

  it('are kept while they have mail, and lose none', async () => {
    const mail = await start({ maxTenants: 1 }, 1);
    const ids = Array.from({ length: 60 }, (_, n) => 'abc'.charAt(n % 3));
    const results = await Promise.all(
      ids.map((id) => mail.forTenant(id).send(MESSAGE)),
    );
    const last = await mail.forTenant('a').send(MESSAGE);

    expect([...results, last]).toHaveLength(61);
    expect(relay.counters).toMatchObject({ accepted: 61, rejected: 0 });
    const told = logger.ours.filter((line) => line.includes('maxTenants'));
    expect(told).toHaveLength(1);
    await vi.waitFor(() => {
      const others = ['b', 'c'].map((id) => mail.forTenant(id).stats());
      expect(others.map(({ connections }) => connections.open)).toEqual([0, 0]);
    });
    await relay.waitUntil(({ open }) => open <= 10);
  });

  it('are not closed while they are verified', async () => {
    const mail = await start({ maxTenants: 1 }, 5);
    const verified = mail.forTenant('a').verify();
    await mail.forTenant('b').send(MESSAGE);

    await expect(verified).resolves.toBeUndefined();
  });
});

describe('app.close()', () => {
  it('delivers what tenants have pending and says QUIT everywhere', async () => {
    const mail = await start({}, 1);
    const tenants = ['a', 'b', 'c'].map((id) => mail.forTenant(id));
    const sends = tenants.flatMap((tenant) => fill(tenant, 50));
    // What is still being set up when the application closes says no QUIT.
    await vi.waitFor(() => {
      const all = tenants.map((tenant) => tenant.stats().connections);
      expect(all.every(({ connecting }) => connecting === 0)).toBe(true);
      expect(all.every(({ open }) => open > 0)).toBe(true);
    });
    await app?.close();
    app = undefined;

    expect(await Promise.all(sends)).toHaveLength(150);
    const { connections, quits, accepted } = relay.counters;
    expect(accepted).toBe(150);
    expect(quits).toBe(connections);
  });
});
