import { createSign, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPublicKey } from '../../../lib/webhook/signature/public-keys.js';
import { verifySignature } from '../../../lib/webhook/signature/verify-signature.js';
import { MULTIPLE, SINGLE } from './vectors.js';

const VECTORS = [
  ['one event', SINGLE],
  ['several events, a line each', MULTIPLE],
] as const;

describe('verifySignature', () => {
  it.each(VECTORS)("agrees with SendGrid's own post of %s", (_, vector) => {
    expect(verifySignature(vector, [readPublicKey(vector.key)])).toBe(true);
  });

  it.each(VECTORS)('refuses %s without its last line end', (_, vector) => {
    const body = vector.body.subarray(0, -2);
    const keys = [readPublicKey(vector.key)];

    expect(verifySignature({ ...vector, body }, keys)).toBe(false);
  });

  it.each(VECTORS)('refuses %s when it was serialised anew', (_, vector) => {
    const body = Buffer.from(JSON.stringify(JSON.parse(String(vector.body))));
    const keys = [readPublicKey(vector.key)];

    expect(verifySignature({ ...vector, body }, keys)).toBe(false);
  });

  it('refuses another timestamp', () => {
    const keys = [readPublicKey(SINGLE.key)];

    const given = { ...SINGLE, timestamp: '1600112503' };

    expect(verifySignature(given, keys)).toBe(false);
  });

  it('takes what any of several keys has signed', () => {
    const keys = [readPublicKey(MULTIPLE.key), readPublicKey(SINGLE.key)];

    expect(verifySignature(SINGLE, keys)).toBe(true);
    expect(verifySignature(MULTIPLE, keys)).toBe(true);
    expect(verifySignature(SINGLE, keys.slice(0, 1))).toBe(false);
    expect(verifySignature(SINGLE, [])).toBe(false);
  });

  it('refuses whatever else is in the headers, and never throws', () => {
    const keys = [readPublicKey(SINGLE.key)];
    const text = fc.oneof(
      fc.string(),
      fc.base64String(),
      fc.string({ unit: 'binary' }),
    );

    fc.assert(
      fc.property(
        text,
        text,
        fc.uint8Array(),
        (signature, timestamp, body) =>
          !verifySignature({ signature, timestamp, body }, keys),
      ),
    );
  });

  it('refuses every cut and every changed byte of a signature', () => {
    const keys = [readPublicKey(SINGLE.key)];
    const whole = Buffer.from(SINGLE.signature, 'base64');
    const changed = [...whole.keys()].flatMap((at) => {
      const other = Buffer.from(whole);
      other[at] = (other[at] ?? 0) ^ 1;
      return [other, whole.subarray(0, at)];
    });

    const taken = changed.filter((bytes) => {
      const signature = bytes.toString('base64');
      return verifySignature({ ...SINGLE, signature }, keys);
    });

    expect(taken).toEqual([]);
  });
});

describe('readPublicKey', () => {
  it('takes PEM too', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', {
      namedCurve: 'P-256',
    });
    const pem = String(publicKey.export({ type: 'spki', format: 'pem' }));
    const body = Buffer.from('[]');
    const signature = createSign('sha256')
      .update('1')
      .update(body)
      .sign(privateKey, 'base64');

    const post = { signature, timestamp: '1', body };

    expect(verifySignature(post, [readPublicKey(`\n${pem}\n`)])).toBe(true);
  });

  it.each([
    ['nothing', '', 'is no public key'],
    ['some text', 'the key', 'is no public key'],
    ['a key that was cut', SINGLE.key.slice(0, 60), 'is no public key'],
  ])('refuses %s', (_, text, problem) => {
    expect(() => readPublicKey(text)).toThrow(problem);
  });

  it('refuses other kinds of keys', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    const { publicKey: ed, privateKey } = generateKeyPairSync('ed25519');
    const der = { type: 'spki', format: 'der' } as const;

    for (const key of [publicKey, ed]) {
      const text = key.export(der).toString('base64');
      expect(() => readPublicKey(text)).toThrow('another kind');
    }
    const secret = privateKey.export({ type: 'pkcs8', format: 'pem' });
    expect(() => readPublicKey(String(secret))).toThrow('is a private key');
  });
});
