import { describe, expect, it } from 'vitest';

import { isMailError } from '../../../lib/errors/mail-error.js';
import {
  admitEntry,
  admitPage,
  jobIdOfRef,
} from '../../../lib/outbox/admit-entry.js';
import { resolveOutboxOptions } from '../../../lib/outbox/options/resolve-outbox-options.js';
import type { MailOutboxEntry } from '../../../lib/outbox/outbox-mail.js';

const OPTIONS = resolveOutboxOptions({
  connection: 'redis://127.0.0.1',
  environment: 'test',
});
const message = { to: 'ada@example.net', text: 'Hi' };

describe('admitEntry', () => {
  it('finds a message again by its id, its tenant and the id of its job', () => {
    const { jobId } = admitEntry({ message, id: 'one' }, OPTIONS);
    const theirs = admitEntry({ message, id: 'one', tenant: 'a' }, OPTIONS);

    expect(jobIdOfRef('one', OPTIONS)).toBe(jobId);
    expect(jobIdOfRef({ id: 'one' }, OPTIONS)).toBe(jobId);
    expect(jobIdOfRef({ jobId }, OPTIONS)).toBe(jobId);
    expect(jobIdOfRef({ id: 'one', tenant: 'a' }, OPTIONS)).toBe(theirs.jobId);
    expect(theirs.jobId).not.toBe(jobId);
    expect(jobIdOfRef('one', { environment: 'other' })).not.toBe(jobId);
  });

  it('makes an id for what has none, and does not remember that', () => {
    const first = admitEntry({ message }, OPTIONS);
    const second = admitEntry({ message }, OPTIONS);

    expect(first.id).not.toBe(second.id);
    expect(first.stored.remembered).toBe(false);
    expect(admitEntry({ message, id: 'x' }, OPTIONS).stored.remembered).toBe(
      true,
    );
    expect(jobIdOfRef(first.id, OPTIONS)).toBe(first.jobId);
  });

  it.each<[string, Partial<Record<keyof MailOutboxEntry, unknown>>]>([
    ['lane', { lane: 'fast' }],
    ['delayMs', { delayMs: -1 }],
    ['delayMs', { delayMs: Number.NaN }],
    ['id', { id: '' }],
    ['tenant', { tenant: '' }],
    ['attachments', { message: { attachments: [{ path: '/etc/passwd' }] } }],
  ])('refuses a wrong %s', (name, wrong) => {
    const entry = { message, ...wrong } as MailOutboxEntry;
    let error: unknown;
    try {
      admitEntry(entry, OPTIONS);
    } catch (thrown) {
      error = thrown;
    }

    expect(isMailError(error) && error.code).toBe('INVALID_MESSAGE');
    expect(isMailError(error) && error.message).toContain(name);
  });

  it('refuses references and pages that are none', () => {
    expect(() => jobIdOfRef({ jobId: 'other:1' }, OPTIONS)).toThrow(/`jobId`/);
    expect(() => admitPage({ limit: 1001 })).toThrow(/`limit`/);
    expect(() => admitPage({ offset: 0.5 })).toThrow(/`offset`/);
    expect(admitPage({})).toEqual({ offset: 0, limit: 100 });
  });
});
