import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { LANES } from '../../../../lib/pool/lane.js';
import { decode, decodedMessage, encode } from './jobs.js';
import { storableMail } from './message.arbitrary.js';

describe('a stored message', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(storableMail, (message) => {
        expect(decodedMessage(encode(message))).toEqual(message);
      }),
      { numRuns: 1000 },
    );
  });

  it('comes back with what was stored next to it', () => {
    const name = fc.option(fc.string({ unit: 'binary' }), { nil: undefined });

    fc.assert(
      fc.property(
        fc.constantFrom(...LANES),
        fc.string(),
        name,
        name,
        (lane, environment, id, tenant) => {
          const job = encode(
            { text: 'x' },
            {},
            { lane, environment, id, tenant },
          );

          expect(decode(job)).toEqual({
            kind: 'ok',
            environment,
            lane,
            id,
            tenant,
            message: { text: 'x' },
          });
        },
      ),
    );
  });

  it('keeps null, and leaves undefined out', () => {
    const message = decodedMessage(
      encode({ cc: null, bcc: undefined, headers: { A: null, B: undefined } }),
    );

    expect(message).toStrictEqual({ cc: null, headers: { A: null } });
  });

  it('keeps the kind of bytes and dates', () => {
    const message = decodedMessage(
      encode({
        raw: Buffer.from([0, 255]),
        html: new Uint8Array([1, 2]).subarray(1),
        date: new Date(1e12),
      }),
    );

    expect(message.raw).toStrictEqual(Buffer.from([0, 255]));
    expect(Buffer.isBuffer(message.html)).toBe(false);
    expect(message.html).toStrictEqual(new Uint8Array([2]));
    expect(message.date).toStrictEqual(new Date(1e12));
  });

  it('keeps the order of headers', () => {
    const headers = { 'X-B': '1', 'x-a': '2', 'X-10': '3', A: '4' };

    const message = decodedMessage(encode({ headers }));

    expect(Object.keys(message.headers ?? {})).toEqual(Object.keys(headers));
  });

  it('is stored without what PostgreSQL refuses in jsonb', () => {
    fc.assert(
      fc.property(storableMail, (message) => {
        const stored = JSON.stringify(encode(message));

        expect(stored).not.toMatch(/(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/i);
      }),
    );
  });

  it('stores of an address what makes an address', () => {
    class User {
      readonly id = 7;
      readonly name = 'Ada';
      readonly passwordHash = 'hash';
      get email(): string {
        return 'ada@example.com';
      }
    }

    const message = decodedMessage(encode({ to: [new User()] }));

    expect(message.to).toStrictEqual([
      { name: 'Ada', email: 'ada@example.com' },
    ]);
  });

  it('does not change when the message does', () => {
    const to = ['ada@example.com'];
    const job = encode({ to });

    to.push('eve@example.com');

    expect(decodedMessage(job).to).toEqual(['ada@example.com']);
  });
});
