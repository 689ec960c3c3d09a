import { describe, expect, it } from 'vitest';
import {
  refusalOf,
  type AccessRules,
} from '../../../lib/mailbox/http/access.js';

const CLOSED: AccessRules = { allowRemote: false, allowedHosts: [] };
const OPEN = { allowRemote: true, allowedHosts: ['mail.staging.example'] };

function from(
  address: string | undefined,
  rules = CLOSED,
  headers: Readonly<Record<string, string>> = { host: 'localhost:3000' },
): boolean {
  const refusal = refusalOf(
    { method: 'GET', address, host: headers['host'], headers },
    rules,
  );
  return refusal === undefined;
}

describe('who may see a mailbox', () => {
  it.each(['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1'])(
    'is a client of this machine: %s',
    (address) => expect(from(address)).toBe(true),
  );

  it.each([
    '10.0.0.2',
    '192.168.1.4',
    '203.0.113.9',
    '::ffff:10.0.0.2',
    'fe80::1',
    '2001:db8::1',
    '::',
    '0.0.0.0',
    '',
    undefined,
  ])('is no other client: %j', (address) => {
    expect(from(address)).toBe(false);
  });

  it('is another machine too when that is allowed', () => {
    expect(from('203.0.113.9', OPEN)).toBe(true);
  });

  it('is nobody else for saying that a proxy speaks for this machine', () => {
    const headers = { host: 'localhost', 'x-forwarded-for': '127.0.0.1' };

    expect(from('203.0.113.9', CLOSED, headers)).toBe(false);
  });

  it.each([
    ['192.168.0.7:3000', true],
    ['[2001:db8::1]:3000', true],
    ['mail.staging.example', true],
    ['MAIL.staging.example:443', true],
    ['other.staging.example', false],
    ['mail.staging.example.evil.example', false],
    ['', false],
    ['not a host', false],
    ['localhost@evil.example', false],
  ])('comes under a name that nobody can point here: %s', (host, isLetIn) => {
    expect(from('203.0.113.9', OPEN, { host })).toBe(isLetIn);
  });

  it('names the host at all', () => {
    expect(from('127.0.0.1', OPEN, {})).toBe(false);
  });
});
