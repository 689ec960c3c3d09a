import { describe, expect, it } from 'vitest';

import { CERTIFICATE } from './support/pem.js';
import { problemsWith, problemWith, resolveWith } from './support/problems.js';

describe('region and host', () => {
  it.each([
    [{}, 'smtp.sendgrid.net'],
    [{ region: 'global' }, 'smtp.sendgrid.net'],
    [{ region: 'eu' }, 'smtp.eu.sendgrid.net'],
    [{ region: 'eu', host: 'relay.example' }, 'relay.example'],
    [{ host: 'my_relay' }, 'my_relay'],
  ])('%j is %s', (options, host) => {
    expect(resolveWith(options).relay.host).toBe(host);
  });

  it('refuses another region', () => {
    expect(problemWith({ region: 'us' })).toEqual({
      option: 'region',
      problem: 'must be one of "global", "eu", got "us"',
    });
  });

  it.each(['127.0.0.1', '127.8.9.1', '::1', '0:0:0:0:0:0:0:1', 'localhost'])(
    'accepts the loopback host %s',
    (host) => {
      expect(resolveWith({ host }).relay.host).toBe(host);
    },
  );

  it.each([
    '167.89.123.82',
    '128.0.0.1',
    '2001:db8::1',
    'fe80::1%eth0',
    '[::1]',
    '2130706433',
    '127.1',
    '0x7f.0.0.0x1',
  ])('refuses the IP address %s', (host) => {
    const { option, problem } = problemWith({ host });

    expect(option).toBe('host');
    expect(problem).toContain('must be a host name, not an IP address');
    expect(problem).toContain(`got ${JSON.stringify(host)}`);
  });

  it.each([
    'smtp://smtp.sendgrid.net',
    'smtp.sendgrid.net:587',
    'smtp.sendgrid.net/',
    'smtp.sendgrid.net ',
    'smtp.sendgrid.net\n',
    'smtp..net',
    '-a.example',
    'a-.example',
    'müller.example',
    `${'a'.repeat(64)}.example`,
    `${'a.'.repeat(126)}ab`,
    '',
    5,
    {},
  ])('refuses %j as host', (host) => {
    expect(problemWith({ host }).problem).toMatch(/must be a host name/);
  });
});

describe('port and security', () => {
  it.each([
    [undefined, 587, 'starttls'],
    [25, 25, 'starttls'],
    [2525, 2525, 'starttls'],
    [465, 465, 'implicit'],
    [1, 1, 'starttls'],
    [65_535, 65_535, 'starttls'],
  ])('port %s is %d with %s', (port, expected, security) => {
    expect(resolveWith({ port }).relay).toMatchObject({
      port: expected,
      security,
    });
  });

  it.each([0, 65_536, -1, 587.5, Number.NaN])('refuses port %d', (port) => {
    expect(problemWith({ port }).problem).toContain(
      `must be a whole number from 1 to 65535, got ${port}`,
    );
  });

  it('says how to convert a port that is a string', () => {
    expect(problemWith({ port: '587' }).problem).toMatch(
      /got "587": convert the string.*Number\(\)/,
    );
  });

  it('refuses starttls on port 465 with the reason', () => {
    expect(problemWith({ port: 465, security: 'starttls' })).toMatchObject({
      option: 'security',
      problem: expect.stringMatching(
        /"implicit" on port 465.*TLS from the first byte/,
      ),
    });
  });

  it.each([undefined, 587, 25, 2525])(
    'refuses implicit on port %s with the reason',
    (port) => {
      expect(problemWith({ port, security: 'implicit' })).toMatchObject({
        option: 'security',
        problem: expect.stringMatching(
          new RegExp(`"starttls" on port ${port ?? 587}.*plain text`),
        ),
      });
    },
  );

  it.each([
    { port: 465, security: 'implicit' },
    { port: 587, security: 'starttls' },
    { port: 10_465, security: 'implicit' },
    { port: 1025, security: 'none', host: '127.0.0.1' },
    { port: 1025, security: 'none', host: '127.3.2.1' },
    { port: 1025, security: 'none', host: '::1' },
    { port: 1025, security: 'none', host: 'LOCALHOST' },
  ])('accepts %j', (options) => {
    expect(resolveWith(options).relay).toMatchObject(options);
  });

  it.each([undefined, 'relay.example', 'localhost.example', '127.example'])(
    'refuses no security on host %s',
    (host) => {
      expect(problemWith({ host, security: 'none' })).toMatchObject({
        option: 'security',
        problem: expect.stringContaining('unless `host` is loopback'),
      });
    },
  );

  it.each(['ssl', true, 5])('refuses the security %j', (security) => {
    expect(problemWith({ security }).problem).toMatch(/must be one of/);
  });
});

describe('tls', () => {
  it('is at least TLS 1.2 with the authorities Node.js trusts', () => {
    expect(resolveWith().relay.tls).toEqual({
      ca: undefined,
      servername: undefined,
      minVersion: 'TLSv1.2',
    });
  });

  it.each(['TLSv1', 'TLSv1.1', 'SSLv3', 'TLSv1.4', 1.2])(
    'refuses minVersion %j with the reason',
    (minVersion) => {
      expect(problemWith({ tls: { minVersion } })).toMatchObject({
        option: 'tls.minVersion',
        problem: expect.stringMatching(/SendGrid stopped.*2023/),
      });
    },
  );

  it.each(['garbage', Buffer.from('garbage'), [CERTIFICATE, 'garbage'], []])(
    'refuses authorities that are no certificates (%#)',
    (ca) => {
      expect(problemWith({ tls: { ca } })).toMatchObject({
        option: 'tls.ca',
        problem: expect.stringContaining('certificates in PEM'),
      });
    },
  );

  it('keeps authorities as they are given', () => {
    const pem = Buffer.from(CERTIFICATE);
    const list = [CERTIFICATE, pem];

    expect(resolveWith({ tls: { ca: pem } }).relay.tls.ca).toBe(pem);
    expect(resolveWith({ tls: { ca: list } }).relay.tls.ca).toBe(list);
    expect(resolveWith({ tls: { minVersion: 'TLSv1.3' } }).relay.tls).toEqual({
      ca: undefined,
      servername: undefined,
      minVersion: 'TLSv1.3',
    });
  });

  it.each([5, '', ' ', [], ['pem', 5], [''], Buffer.alloc(0), {}])(
    'refuses %j as ca',
    (ca) => {
      expect(problemWith({ tls: { ca } }).option).toBe('tls.ca');
    },
  );

  it('refuses a servername that is no host name', () => {
    for (const servername of ['', '10.0.0.1', 'a b', 5])
      expect(problemWith({ tls: { servername } }).option).toBe(
        'tls.servername',
      );
    expect(
      resolveWith({ tls: { servername: 'a.example' } }).relay.tls.servername,
    ).toBe('a.example');
  });
});

describe('ehloName', () => {
  it.each([
    ['shop.example', { from: 'hello@shop.example' }],
    ['shop.example', { from: 'Shop, Ltd <hello@shop.example>' }],
    ['shop.example', { from: { name: 'Shop', address: 'a@shop.example' } }],
    ['shop.example', { from: { name: 'Shop', email: 'a@shop.example' } }],
    ['xn--mller-kva.example', { from: 'a@müller.example' }],
    ['[127.0.0.1]', { from: 'a@[192.0.2.1]' }],
    ['[127.0.0.1]', { from: 'a@my_shop.example' }],
    ['[127.0.0.1]', {}],
    ['[127.0.0.1]', undefined],
  ])('is %s by default with %j', (name, defaults) => {
    expect(resolveWith({ defaults }).relay.ehloName).toBe(name);
  });

  it.each(['app.example', '[192.0.2.1]', '[IPv6:2001:db8::1]'])(
    'may be %s',
    (ehloName) => {
      const defaults = { from: 'a@shop.example' };

      expect(resolveWith({ ehloName, defaults }).relay.ehloName).toBe(ehloName);
    },
  );

  it.each([
    '',
    'a b',
    'a\r\nMAIL FROM:<x>',
    'app.example\n',
    'my_app.example',
    '192.0.2.1',
    '[2001:db8::1]',
    '[IPv6:192.0.2.1]',
    '[]',
    5,
  ])('refuses %j', (ehloName) => {
    const [problem, ...others] = problemsWith({ ehloName });

    expect(problem?.option).toBe('ehloName');
    expect(problem?.problem).not.toMatch(/[\r\n]/);
    expect(others).toEqual([]);
  });
});
