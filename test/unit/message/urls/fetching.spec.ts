import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { localCertificate } from '../../../../lib/testing/fake-sendgrid/certificate.js';
import { refusalOf } from '../refusal.js';
import { fetched, serving, streamOf } from './a-server.js';

const BYTES = Buffer.alloc(500_000, 'some content ');

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('a URL', () => {
  it('is fetched by http from an origin that is listed', async () => {
    const { origin, asked } = await serving((_request, response) =>
      response.end(BYTES),
    );

    expect(await fetched(`${origin}/a/b.pdf?sig=1#page=2`)).toBe(
      BYTES.toString(),
    );
    expect(asked).toEqual(['GET /a/b.pdf?sig=1']);
  });

  it('is fetched by https when the certificate is sound', async () => {
    const { origin } = await serving(
      (_request, response) => response.end('safe'),
      'https',
    );
    const { cert } = await localCertificate();

    expect(await fetched(origin, { ca: cert })).toBe('safe');
  });

  it('is refused when nobody vouches for the certificate', async () => {
    const { origin, asked } = await serving(
      (_request, response) => response.end('unsafe'),
      'https',
    );

    const error = await refusalOf(() => fetched(origin));

    expect(error.cause).toHaveProperty('code', 'DEPTH_ZERO_SELF_SIGNED_CERT');
    expect(asked).toEqual([]);
  });

  it('is refused all the same where the environment asks for no checks', async () => {
    const { origin, asked } = await serving(
      (_request, response) => response.end('unsafe'),
      'https',
    );
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);

    await refusalOf(() => fetched(origin));

    expect(asked).toEqual([]);
  });

  it('is asked for without anything of the message', async () => {
    let headers: object = {};
    const { origin, port } = await serving((request, response) => {
      ({ headers } = request);
      response.end();
    });

    await fetched(origin);

    expect(headers).toEqual({
      accept: '*/*',
      'accept-encoding': 'identity',
      connection: 'close',
      host: `127.0.0.1:${port}`,
      'user-agent': 'nestjs-sendgrid-smtp',
    });
  });

  it('is asked for when it is read, not before', async () => {
    const { origin, asked } = await serving((_request, response) =>
      response.end('late'),
    );
    const stream = streamOf(origin);
    await pause(20);

    expect(asked).toEqual([]);
    expect(await stream.toArray()).toEqual([Buffer.from('late')]);
  });

  it.each([
    [404, false],
    [401, false],
    [301, false],
    [304, false],
    [429, true],
    [500, true],
    [503, true],
  ])('that answers %i fails, retryable: %s', async (status, retryable) => {
    const { origin, port } = await serving((_request, response) =>
      response.writeHead(status).end('<p>not here</p>'),
    );

    const error = await refusalOf(() => fetched(`${origin}/a?token=hidden`));

    expect(error.message).toBe(
      `\`attachments[0].href\` could not be fetched from 127.0.0.1:${port}: it answered ${status}.`,
    );
    expect(error.retryable).toBe(retryable);
  });

  it.each([200, 203])('that answers %i is content', async (status) => {
    const { origin } = await serving((_request, response) =>
      response.writeHead(status).end('here'),
    );

    expect(await fetched(origin)).toBe('here');
  });

  it.each(['gzip', 'br', 'GZIP', 'identity, gzip'])(
    'that answers in %s fails',
    async (encoding) => {
      const { origin } = await serving((_request, response) =>
        response.writeHead(200, { 'content-encoding': encoding }).end('x'),
      );

      const { message } = await refusalOf(() => fetched(origin));

      expect(message).toMatch(/compressed/);
    },
  );

  it('fails when nobody listens', async () => {
    const error = await refusalOf(() => fetched('http://127.0.0.1:1/'));

    expect(error).toMatchObject({
      message:
        '`attachments[0].href` could not be fetched from 127.0.0.1:1: the connection failed (ECONNREFUSED).',
      retryable: true,
      cause: { code: 'ECONNREFUSED' },
    });
  });

  it.each<[string, (port: number) => string[], RegExp]>([
    ['of another port', (port) => [`http://127.0.0.1:${port + 1}`], /list/],
    ['by http where https is listed', (port) => [`127.0.0.1:${port}`], /list/],
    ['of a host that is not listed', () => ['shop.example'], /list/],
  ])('%s is refused, and not asked for', async (_label, list, text) => {
    const { origin, port, asked } = await serving((_request, response) =>
      response.end('secret'),
    );

    const error = await refusalOf(() => fetched(origin, { list: list(port) }));

    expect(error.message).toMatch(text);
    expect(error.message).toContain(`points to "${origin}"`);
    expect(asked).toEqual([]);
  });

  it('with a user name is refused, and not printed', async () => {
    for (const user of ['ada', 'ada:hidden', ':hidden']) {
      const { message } = await refusalOf(() =>
        fetched(`http://${user}@127.0.0.1/`),
      );

      expect(message).toMatch(/holds a user name or password/);
      expect(message).not.toMatch(/ada|hidden/);
    }
  });

  it.each(['file:///etc/passwd', 'ftp://shop.example/', 'data:text/plain,x'])(
    'is refused when it is %s',
    async (url) => {
      const { message } = await refusalOf(() =>
        fetched(url, { list: ['shop.example'] }),
      );

      expect(message).toMatch(/does not list/);
    },
  );

  it.each<unknown>(['no url', 'http://', 'http://[::1', 7, {}])(
    'cannot be %j',
    async (url) => {
      const { message } = await refusalOf(() =>
        fetched(url as string, { list: ['shop.example'] }),
      );

      expect(message).toBe('`attachments[0].href` must be a URL, as a string.');
    },
  );
});

describe('the name of a host', () => {
  it('that leads to a private address is refused, though it is listed', async () => {
    const { port, asked } = await serving((_request, response) =>
      response.end('secret'),
    );

    const { message, retryable } = await refusalOf(() =>
      fetched(`http://localhost:${port}/`),
    );

    expect(message).toMatch(/an address that is not public/);
    expect(retryable).toBe(false);
    expect(asked).toEqual([]);
  });

  it('is not looked up in another way than through the check', async () => {
    const names: string[] = [];
    const error = await refusalOf(() =>
      fetched('https://cdn.shop.example/', {
        lookUp: (name, _options, callback) => {
          names.push(name);
          callback(null, [{ address: '::ffff:127.0.0.1', family: 6 }]);
        },
      }),
    );

    expect(error.message).toMatch(/an address that is not public/);
    expect(names).toEqual(['cdn.shop.example']);
  });

  it('that is not known fails, and may be tried again', async () => {
    const error = await refusalOf(() =>
      fetched('https://cdn.shop.example/', {
        lookUp: (_name, _options, callback) =>
          callback(
            Object.assign(new Error('unknown'), { code: 'ENOTFOUND' }),
            [],
          ),
      }),
    );

    expect(error).toMatchObject({
      retryable: true,
      cause: { code: 'ENOTFOUND' },
    });
  });
});
