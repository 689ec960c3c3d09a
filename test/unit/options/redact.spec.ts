import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Masking } from '../../../lib/options/masking.js';
import { describeFailure } from '../../../lib/describe-failure.js';
import {
  maskRecipient,
  redactAddresses,
  redactedError,
  redactSecrets,
} from '../../../lib/options/redact.js';

const KEY = `SG.${'a'.repeat(22)}.${'b'.repeat(43)}`;

describe('redactSecrets', () => {
  it.each([
    KEY,
    Buffer.from(KEY).toString('base64'),
    Buffer.from(`apikey:${KEY}`).toString('base64'),
    Buffer.from(`\0apikey\0${KEY}`).toString('base64'),
    `${KEY.slice(0, 30)}\n${KEY.slice(30)}`,
    '-----BEGIN PRIVATE KEY-----\nMIIE',
  ])('cuts the text where %j begins', (secret) => {
    expect(redactSecrets(`AUTH ${secret} refused`)).toBe('AUTH [redacted]');
  });

  it('leaves no key in any text around it', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        expect(redactSecrets(before + KEY + after)).not.toMatch(/SG\.|aaa|bbb/);
      }),
    );
  });

  it('leaves other texts alone', () => {
    expect(redactSecrets('550 5.1.1 No such user')).toBe(
      '550 5.1.1 No such user',
    );
  });
});

describe('redactAddresses', () => {
  it.each([
    ['550 <ada@example.net>: unknown', '550 <***@example.net>: unknown'],
    ['"Ada L"@example.net', '***@example.net'],
    ['a.b+c@x.example, d@y.example', '***@x.example, ***@y.example'],
    [
      "'ada@example.net' o'hara@example.net",
      "'***@example.net' ***@example.net",
    ],
    ['"Ada \\" L"@example.net', '***@example.net'],
    ['no address', 'no address'],
  ])('writes %j as %j', (text, redacted) => {
    expect(redactAddresses(text)).toBe(redacted);
  });
});

describe('maskRecipient', () => {
  it.each([
    ['ada@example.net', '***@example.net'],
    ['"a@b \\" c"@example.net', '***@example.net'],
    ['ada', '***'],
  ])('writes %j as %j', (address, masked) => {
    expect(maskRecipient(address)).toBe(masked);
  });
});

describe('Masking', () => {
  const reply = `550 <ada@example.net> ${KEY}`;

  it('shows the domain of addresses, and no secret', () => {
    const masking = new Masking(false);

    expect(masking.text(reply)).toBe('550 <***@example.net> [redacted]');
    expect(masking.address('ada@example.net')).toBe('***@example.net');
  });

  it('that shows recipients still shows no secret', () => {
    const masking = new Masking(true);

    expect(masking.text(reply)).toBe('550 <ada@example.net> [redacted]');
    expect(masking.address('ada@example.net')).toBe('ada@example.net');
  });
});

describe('redactedError', () => {
  it('keeps the name, the message and the frames, and nothing else', () => {
    const error = Object.assign(new TypeError(`No ${KEY}`), { key: KEY });

    const redacted = redactedError(error);

    expect(redacted).toMatchObject({
      name: 'TypeError',
      message: 'No [redacted]',
    });
    expect(redacted).not.toHaveProperty('key');
    expect(redacted.stack).toMatch(/^TypeError: No \[redacted\]\n +at /);
    expect(redacted.stack).toContain('redact.spec.ts');
  });
});

describe('describeFailure', () => {
  it('is one line with the code, the message and the cause', () => {
    const cause = new Error(`line one\nline two of ada@example.net ${KEY}`);

    expect(describeFailure(new Error('Failed', { cause }))).toBe(
      'Failed (line one line two of ***@example.net [redacted]',
    );
    expect(describeFailure('text')).toBe('text');
  });
});
