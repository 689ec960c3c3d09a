import { describe, expect, it, vi } from 'vitest';
import { SENDGRID_REPLIES } from 'nestjs-sendgrid-smtp/testing';
import { NumberedSource } from './support/numbered.js';
import { recordLogs } from './support/recording-logger.js';
import { RelayedApp } from './support/relayed-app.js';

const logger = recordLogs();
const DEFAULTS = { from: 'Shop <shop@example.com>' };
const site = new RelayedApp(logger, { defaults: DEFAULTS });

const from = (id: string): string => `mail@${id}.example`;
const tenants = (id: string): object => ({
  apiKey: site.relay.options.apiKey,
  defaults: { from: from(id) },
});

describe('sendMany of a tenant', () => {
  it('sends with what is the tenant’s own', async () => {
    const mail = await site.start({ tenants });

    const totals = await mail.forTenant('acme').sendMany(new NumberedSource(5));

    expect(totals.accepted).toBe(5);
    const senders = site.relay.messages.map(({ envelope }) => envelope.from);
    expect(new Set(senders)).toEqual(new Set([from('acme')]));
  });

  it('stops when the tenant is drained, and only then', async () => {
    const mail = await site.start({ tenants });
    const runs = ['acme', 'other'].map((id) => {
      const source = new NumberedSource(1_000_000);
      const run = mail.forTenant(id).sendMany(source, { concurrency: 20 });
      return { run, totals: Promise.resolve(run), source };
    });
    const [acme, other] = runs;
    await vi.waitFor(() => {
      for (const { run } of runs)
        expect(run.totals.accepted).toBeGreaterThan(5);
    });
    const report = await mail.forTenant('acme').drain();

    const totals = await acme?.totals;
    expect(totals).toMatchObject({ stopped: { reason: 'shutdown' } });
    expect(totals?.accepted).toBe(acme?.source.taken);
    expect(report.notSent).toBe(0);
    const before = other?.run.totals.accepted ?? 0;
    await vi.waitFor(() => {
      expect(other?.run.totals.accepted).toBeGreaterThan(before);
    });

    // The shutdown stops them all.
    await site.app.close();
    expect(await other?.totals).toMatchObject({
      stopped: { reason: 'shutdown' },
    });
    expect(other?.source.closed).toBe(true);
  });

  it('stops for a fault of the tenant’s account alone', async () => {
    const mail = await site.start({ tenants });
    const isAcme = ({ sender }: { sender?: string }): boolean =>
      sender === from('acme');
    site.relay.fail('mail', SENDGRID_REPLIES.creditsExceeded, {
      times: Infinity,
      when: isAcme,
    });
    const [acme, other, own] = await Promise.all([
      mail.forTenant('acme').sendMany(new NumberedSource(500)),
      mail.forTenant('other').sendMany(new NumberedSource(500)),
      mail.sendMany(new NumberedSource(500)),
    ]);

    expect(acme).toMatchObject({ accepted: 0, stopped: { reason: 'account' } });
    expect(other).toMatchObject({ accepted: 500, lowWatermark: 499 });
    expect(own).toMatchObject({ accepted: 500, lowWatermark: 499 });
    expect(other.stopped ?? own.stopped).toBeUndefined();
    expect(logger.ours.join()).toContain('Tenant acme: A run of sendMany');
  });

  it('stops at once for a tenant that is not known', async () => {
    const mail = await site.start({ tenants: () => undefined as never });
    const source = new NumberedSource(5);

    const totals = await mail.forTenant('acme').sendMany(source);

    expect(totals).toMatchObject({
      settled: 0,
      stopped: { reason: 'account', error: { code: 'INVALID_OPTIONS' } },
    });
    expect(source.taken).toBe(0);
  });
});
