import { describe, expect, it, vi } from 'vitest';

import type { LookUpAll } from '../../../../lib/message/urls/public-lookup.js';
import { localCertificate } from '../../../../lib/testing/fake-sendgrid/certificate.js';
import { refusalOf } from '../refusal.js';
import { fetched, serving } from './a-server.js';

// One address of loopback stands for the public Internet here, the others are private.
vi.mock('../../../../lib/message/urls/global-address.js', () => ({
  isGlobalAddress: (address: string) => address === '127.0.0.1',
}));

/** Answers with one address after the other. */
function answering(...addresses: string[]): LookUpAll {
  return (_name, _options, callback) => {
    callback(null, [{ address: addresses.shift() ?? '', family: 4 }]);
  };
}

describe('a name with a public address', () => {
  it('is fetched from just that address', async () => {
    const { port } = await serving((request, response) =>
      response.end(`for ${request.headers.host}`),
    );
    const lookUp = answering('127.0.0.1', '127.0.0.2');

    expect(await fetched(`http://cdn.shop.example:${port}/`, { lookUp })).toBe(
      `for cdn.shop.example:${port}`,
    );
  });

  it('must have the certificate of that name', async () => {
    const { port } = await serving(
      (_request, response) => response.end('safe'),
      'https',
    );
    const ca = (await localCertificate()).cert;
    const given = (): object => ({ ca, lookUp: answering('127.0.0.1') });

    expect(await fetched(`https://localhost:${port}/`, given())).toBe('safe');
    const error = await refusalOf(() =>
      fetched(`https://shop.example:${port}/`, given()),
    );
    expect(error.cause).toHaveProperty('code', 'ERR_TLS_CERT_ALTNAME_INVALID');
  });

  it('is refused once it has a private one, in a redirect too', async () => {
    const { port, asked } = await serving((_request, response) =>
      response.writeHead(302, { location: '/again' }).end(),
    );
    const lookUp = answering('127.0.0.1', '127.0.0.2');

    const { message } = await refusalOf(() =>
      fetched(`http://cdn.shop.example:${port}/`, { lookUp }),
    );

    expect(message).toMatch(/an address that is not public/);
    expect(asked).toEqual(['GET /']);
  });
});
