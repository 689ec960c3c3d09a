import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { adviceFor } from '../../../lib/doctor/advice.js';
import { checkDns } from '../../../lib/doctor/check-dns.js';
import { checkFiles } from '../../../lib/doctor/check-files.js';
import { checkNode } from '../../../lib/doctor/check-node.js';
import { ConnectionError } from '../../../lib/smtp/connection-error.js';

const PLACE = {
  host: 'smtp.sendgrid.net',
  port: 587,
  security: 'starttls',
} as const;

function coded(code: string): Error {
  return Object.assign(new Error(code), { code });
}

describe('checkNode', () => {
  it.each([
    ['18.20.0', 'failed'],
    ['20.18.3', 'failed'],
    ['20.19.0', 'ok'],
    ['21.7.0', 'failed'],
    ['22.11.0', 'failed'],
    ['22.12.0', 'ok'],
    ['23.11.0', 'failed'],
    ['24.0.0', 'ok'],
    ['26.1.0', 'ok'],
  ])('%s is %s, as package.json says', (version, status) => {
    expect(checkNode(version).status).toBe(status);
  });

  it('knows what package.json says', () => {
    const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
      engines: { node: string };
    };

    expect(manifest.engines.node).toBe('^20.19.0 || ^22.12.0 || >=24.0.0');
  });
});

describe('checkDns', () => {
  it('tells the addresses', async () => {
    const check = await checkDns('relay.example', 1000, (_, __, callback) =>
      callback(null, [{ address: '192.0.2.1', family: 4 }]),
    );

    expect(check).toMatchObject({
      status: 'ok',
      found: expect.stringMatching(
        /^relay\.example has 1 address \(\d+ ms\): 192\.0\.2\.1$/,
      ),
    });
  });

  it.each([
    ['ENOTFOUND', /Check the spelling of relay\.example/],
    ['EAI_AGAIN', /name server does not answer.*cluster DNS/],
  ])('explains %s', async (code, expected) => {
    const check = await checkDns('relay.example', 1000, (_, __, callback) =>
      callback(coded(code), []),
    );

    expect(check.status).toBe('failed');
    expect(check.advice).toMatch(expected);
  });

  it('does not wait for ever', async () => {
    const check = await checkDns('relay.example', 1, () => undefined);

    expect(check.found).toBe(
      'relay.example has no address (no answer in time)',
    );
  });
});

describe('checkFiles', () => {
  it('warns when the pool may want more than there are', () => {
    expect(checkFiles(10, 1_048_576).status).toBe('ok');
    const { status, advice } = checkFiles(1000, 1024);

    expect(status).toBe('warning');
    expect(advice).toContain('ulimit -n');
  });
});

describe('adviceFor', () => {
  it.each([
    ['CERT_HAS_EXPIRED', /clock/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /for another name.*`tls\.servername`/],
    ['SELF_SIGNED_CERT_IN_CHAIN', /authority.*`tls\.ca`/],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', /authority.*`tls\.ca`/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', /something on the way interferes/],
    ['ECONNRESET', /could not be set up \(ECONNRESET\)/],
  ])('explains %s of TLS', (code, expected) => {
    const failure = new ConnectionError('tls', 'failed', {
      cause: coded(code),
    });

    expect(adviceFor(failure, PLACE)).toMatch(expected);
  });

  it.each([
    ['ECONNREFUSED', /Nothing listens on port 587/],
    ['ENOTFOUND', /see DNS/],
    ['ENETUNREACH', /no way from here/],
    ['EMFILE', /EMFILE.*ulimit -n/],
    ['ETIMEDOUT', /firewall.*2525/],
  ])(
    'explains %s of a connection, to one address or several',
    (code, expected) => {
      const alone = new ConnectionError('connect', 'failed', {
        cause: coded(code),
      });
      expect(adviceFor(alone, PLACE)).toMatch(expected);
      if (code === 'EMFILE') return;
      const several = new ConnectionError('connect', 'failed', {
        cause: new AggregateError([coded(code), coded('EHOSTUNREACH')]),
      });
      expect(adviceFor(several, PLACE)).toMatch(expected);
    },
  );
});
