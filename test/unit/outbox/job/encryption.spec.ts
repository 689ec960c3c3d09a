import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { JobCipher } from '../../../../lib/outbox/job/job-cipher.js';
import type { StoredJob } from '../../../../lib/outbox/job/stored-job.js';
import { EncryptionOptions } from '../../../../lib/outbox/options/encryption.options.js';
import { decode, decodedMessage, encode } from './jobs.js';
import { storableMail } from './message.arbitrary.js';

const OLD = Buffer.alloc(32, 'o');
const NEW = Buffer.alloc(32, 'n');

function cipherOf(current: string, keys: Record<string, Buffer>): JobCipher {
  const options = new EncryptionOptions();
  options.take({ current, keys });
  const resolved = options.toEncryption();
  if (resolved === undefined) throw new Error('no encryption');
  return new JobCipher(resolved);
}

const cipher = cipherOf('old', { old: OLD });
const message = { to: 'ada@example.com', text: 'Your code is 4711' };

function sealedOf(job: StoredJob): string {
  return 'sealed' in job ? job.sealed : '';
}

describe('a sealed job', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(storableMail, (any) => {
        expect(decodedMessage(encode(any, { cipher }), cipher)).toEqual(any);
      }),
      { numRuns: 200 },
    );
  });

  it('shows version, environment, lane and the id of the key only', () => {
    const job = encode(message, { cipher }, { id: 'ada@example.com' });

    expect(job).toStrictEqual({
      v: 1,
      environment: 'production',
      lane: 'normal',
      key: 'old',
      sealed: expect.stringMatching(/^[\w+/]+=*$/),
    });
    const bytes = Buffer.from(sealedOf(job), 'base64').toString('latin1');
    expect(bytes).not.toMatch(/ada|4711/);
  });

  it('is another text every time', () => {
    const texts = Array.from({ length: 50 }, () =>
      sealedOf(encode(message, { cipher })),
    );

    expect(new Set(texts.map((text) => text.slice(0, 16))).size).toBe(50);
  });

  it('is read with every key that is left, and sealed with the current one', () => {
    const rotated = cipherOf('new', { new: NEW, old: OLD });
    const before = encode(message, { cipher });
    const after = encode(message, { cipher: rotated });

    expect(decodedMessage(before, rotated)).toEqual(message);
    expect(decodedMessage(after, cipherOf('new', { new: NEW }))).toEqual(
      message,
    );
    expect(after).toMatchObject({ key: 'new' });
  });

  it.each([
    ['has another key', cipherOf('new', { new: NEW })],
    ['has none', undefined],
  ])('is left to others by a worker that %s', (_, other) => {
    const job = encode(message, { cipher });

    expect(decode(job, other === undefined ? {} : { cipher: other })).toEqual({
      kind: 'unknown-key',
      keyId: 'old',
      environment: 'production',
      lane: 'normal',
    });
  });

  it('is invalid under any other id, environment or key', () => {
    const job = encode(message, { cipher });
    const both = cipherOf('old', { old: OLD, new: OLD });

    expect(decode(job, { cipher, jobId: 'm-2' }).kind).toBe('invalid');
    for (const other of [{ environment: 'staging' }, { key: 'new' }]) {
      const changed = decode({ ...job, ...other }, { cipher: both });
      expect(changed).toEqual({
        kind: 'invalid',
        reason: expect.stringContaining('not sealed for this job'),
      });
    }
    expect(decode(job, { cipher: both }).kind).toBe('ok');
  });

  it('is invalid when its key is another one of the same id', () => {
    const impostor = cipherOf('old', { old: NEW });

    const job = encode(message, { cipher });

    expect(decode(job, { cipher: impostor }).kind).toBe('invalid');
  });

  it('is invalid with any bit changed or any end cut off', () => {
    const job = encode(message, { cipher });
    const bytes = Buffer.from(sealedOf(job), 'base64');

    for (let i = 0; i < bytes.length; i += 1) {
      const changed = Buffer.from(bytes);
      changed[i] = (bytes[i] ?? 0) ^ (1 << (i % 8));
      const cut = bytes.subarray(0, i);
      for (const other of [changed, cut]) {
        const sealed = other.toString('base64');
        expect(decode({ ...job, sealed }, { cipher }).kind).toBe('invalid');
      }
    }
  });

  it('holds the same bound as a clear one', () => {
    const text = 'x'.repeat(100 - 23);

    expect(() => encode({ text }, { cipher, maxBytes: 100 })).not.toThrow();
    expect(() => encode({ text }, { cipher, maxBytes: 99 })).toThrow('100');
  });
});

describe('a cipher', () => {
  it('prints no key', () => {
    const key = randomBytes(32);
    const secret = cipherOf('k', { k: key });
    const shown = [
      inspect(secret, { depth: 20, showHidden: true }),
      JSON.stringify(secret),
    ].join('\n');

    for (const form of ['hex', 'base64', 'latin1'] as const)
      expect(shown).not.toContain(key.toString(form));
    expect(shown).not.toContain(inspect(key));
  });
});
