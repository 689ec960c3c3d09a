import { Readable } from 'node:stream';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { MailService } from '../../../lib/mail.service.js';
import { SILENT } from '../../../lib/options/log.js';
import { resolveOptions } from '../../../lib/options/resolve-options.js';
import type { SendGridSmtpOptions } from '../../../lib/options/sendgrid-smtp-options.js';
import { CaptureCarrier } from '../../../lib/transport/capture-carrier.js';
import type { MailInstance } from '../../../lib/transport/mail-instance.js';
import { openInstance } from '../../../lib/transport/open-instance.js';

const MESSAGE = { to: 'ada@example.net', subject: 'Hello', text: 'Hi' };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

function start(options: SendGridSmtpOptions = {}): {
  instance: MailInstance;
  mail: MailService;
} {
  const resolved = resolveOptions({
    mode: 'capture',
    tenants: () => ({}),
    defaults: { from: 'shop@shop.example' },
    ...options,
  });
  const instance = openInstance(resolved, 'tests', SILENT);
  return { instance, mail: new MailService(instance) };
}

const settled = async (): Promise<void> => new Promise(setImmediate);

/** A send that waits for its content, and how it ends. */
function held(
  mail: MailService,
  text = new Readable({ read: () => undefined }),
): Promise<string> {
  return mail.send({ ...MESSAGE, text }).then(
    () => 'sent',
    (error: { code: string }) => error.code,
  );
}

describe('the clock of the shutdown', () => {
  it('is one for tenants that come before and after it started', async () => {
    const { instance, mail } = start();
    const before = held(mail.forTenant('a'));
    instance.beginShutdown(1000);
    await vi.advanceTimersByTimeAsync(700);
    let ended = 0;
    const after = held(mail.forTenant('b')).finally(() => (ended += 1));
    await vi.advanceTimersByTimeAsync(299);
    expect(ended).toBe(0);
    await vi.advanceTimersByTimeAsync(2);

    expect(await Promise.all([before, after])).toEqual([
      'SHUT_DOWN',
      'SHUT_DOWN',
    ]);
    expect(await instance.drain()).toMatchObject({ notSent: 2 });
  });

  it('closes no tenant early, so that the report tells of all', async () => {
    const { instance, mail } = start({ maxTenants: 1 });
    instance.beginShutdown(1000);
    await mail.forTenant('a').send(MESSAGE);
    await mail.forTenant('b').send(MESSAGE);
    await settled();

    expect(mail.forTenant('a').stats().totals.accepted).toBe(1);
    await instance.drain();
  });
});

describe('a tenant that is being drained', () => {
  it('is still purged with all others', async () => {
    const { mail } = start();
    const tenant = mail.forTenant('a');
    const text = new Readable({ read: () => undefined });
    const [kept, purged] = [held(tenant, text), held(tenant)];
    const drained = tenant.drain({ timeoutMs: 5000 });
    let seen = 0;
    const back = mail.purge({ where: () => (seen += 1) === 2 });
    text.push(null);

    expect(back).toHaveLength(1);
    expect(await Promise.all([kept, purged])).toEqual(['sent', 'ABORTED']);
    expect(await drained).toMatchObject({ accepted: 1, notSent: 1 });
  });

  it('shares its report between calls', async () => {
    const { mail } = start();
    const tenant = mail.forTenant('a');
    const send = held(tenant);
    const reports = [tenant.drain({ timeoutMs: 50 }), tenant.drain()];
    await vi.advanceTimersByTimeAsync(51);

    expect(await send).toBe('SHUT_DOWN');
    for (const report of reports) {
      expect(await report).toMatchObject({ notSent: 1 });
    }
  });
});

describe('a rate limit set for a tenant', () => {
  it('holds for every pool of it, and for no other', async () => {
    const limits: unknown[] = [];
    vi.spyOn(CaptureCarrier.prototype, 'setRateLimit').mockImplementation(
      (...limit: unknown[]) => void limits.push(...limit),
    );
    const { mail } = start();
    const tenant = mail.forTenant('a');
    const limit = { messages: 5, perMs: 1000 };
    tenant.setRateLimit(limit);
    expect(limits).toEqual([]);
    await tenant.send(MESSAGE);
    await mail.forTenant('b').send(MESSAGE);
    expect(limits).toEqual([limit]);
    await tenant.drain();
    await tenant.send(MESSAGE);
    tenant.setRateLimit(undefined);

    expect(limits).toEqual([limit, limit, undefined]);
  });
});

describe('tenants beyond `maxTenants`', () => {
  it('are closed once they are idle, not in the middle of a message', async () => {
    const { mail } = start({ maxTenants: 1 });
    const [a, b] = [mail.forTenant('a'), mail.forTenant('b')];
    const text = new Readable({ read: () => undefined });
    const send = held(a, text);
    await b.send(MESSAGE);
    await settled();
    expect(a.stats().totals.pending).toBe(1);
    expect(b.stats().totals.submitted).toBe(0);
    await b.send(MESSAGE);
    text.push(null);

    expect(await send).toBe('sent');
    expect(a.stats().totals.accepted).toBe(1);
  });
});
