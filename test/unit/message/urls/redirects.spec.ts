import { once } from 'node:events';
import { describe, expect, it } from 'vitest';

import { localCertificate } from '../../../../lib/testing/fake-sendgrid/certificate.js';
import { refusalOf } from '../refusal.js';
import { fetched, redirecting, serving, type AServer } from './a-server.js';

function to(server: AServer, location: string): string {
  return `${server.origin}/${encodeURIComponent(location)}`;
}

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])(
    'with %i is followed to a host that is listed',
    async (status) => {
      const target = await serving((_request, response) =>
        response.end('there'),
      );
      const server = await redirecting(status);

      const list = [server.origin, target.origin];
      const content = await fetched(to(server, `${target.origin}/x`), { list });

      expect(content).toBe('there');
      expect(target.asked).toEqual(['GET /x']);
    },
  );

  it('may be relative', async () => {
    const { origin } = await serving(({ url }, response) => {
      if (url === '/a/b') response.writeHead(302, { location: '../c' }).end();
      else response.end(url);
    });

    expect(await fetched(`${origin}/a/b`)).toBe('/c');
  });

  it('is not followed to a host that is not listed', async () => {
    const target = await serving((_request, response) => response.end('x'));
    const server = await redirecting();

    const { message } = await refusalOf(() =>
      fetched(to(server, target.origin)),
    );

    expect(message).toMatch(/^`attachments\[0\]\.href` was redirected to /);
    expect(target.asked).toEqual([]);
  });

  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://[::1]/',
    'http://0/',
    'http://2130706433/',
    '//10.0.0.1/',
  ])('is not followed to the private address %s', async (location) => {
    const server = await redirecting();
    const list = [server.origin, '*.shop.example', 'http://shop.example'];

    const { message } = await refusalOf(() =>
      fetched(to(server, location), { list }),
    );

    expect(message).toMatch(/does not list/);
  });

  it('is not followed to a listed name with a private address', async () => {
    const target = await serving((_request, response) => response.end('x'));
    const server = await redirecting();
    const location = `http://localhost:${target.port}`;

    const { message } = await refusalOf(() =>
      fetched(to(server, location), { list: [server.origin, location] }),
    );

    expect(message).toMatch(/an address that is not public/);
    expect(target.asked).toEqual([]);
  });

  it('from https to http is not followed where https is listed', async () => {
    const target = await serving((_request, response) => response.end('x'));
    const server = await serving((_request, response) => {
      response.writeHead(302, { location: target.origin }).end();
    }, 'https');
    const ca = (await localCertificate()).cert;
    const list = [server.origin, `https://127.0.0.1:${target.port}`];

    const { message } = await refusalOf(() =>
      fetched(server.origin, { list, ca }),
    );

    expect(message).toMatch(/does not list/);
    expect(target.asked).toEqual([]);
  });

  it.each([
    ['file:///etc/passwd', /was redirected to "file:"/],
    ['data:text/plain,x', /was redirected to "data:"/],
    ['http://', /must be a URL/],
    ['http://ada:hidden@127.0.0.1/', /holds a user name/],
  ])('is not followed to %s', async (location, text) => {
    const server = await redirecting();

    const { message } = await refusalOf(() => fetched(to(server, location)));

    expect(message).toMatch(text);
    expect(message).not.toMatch(/passwd|hidden/);
  });

  it('is followed five times', async () => {
    const { origin, asked } = await serving(({ url = '' }, response) => {
      const left = Number(url.slice(1));
      if (left === 0) response.end('at last');
      else response.writeHead(302, { location: `/${left - 1}` }).end();
    });

    expect(await fetched(`${origin}/5`)).toBe('at last');
    asked.length = 0;
    const { message } = await refusalOf(() => fetched(`${origin}/6`));

    expect(message).toMatch(/redirects too often/);
    expect(asked).toHaveLength(6);
  });

  it('in a circle ends', async () => {
    const { origin } = await serving((_request, response) =>
      response.writeHead(302, { location: '/' }).end(),
    );

    const { message } = await refusalOf(() => fetched(origin));

    expect(message).toMatch(/redirects too often/);
  });

  it('takes neither cookies nor a referrer along', async () => {
    const seen: object[] = [];
    const { origin } = await serving((request, response) => {
      seen.push(request.headers);
      const headers = { location: '/b', 'set-cookie': 'id=1' };
      if (request.url === '/a') response.writeHead(302, headers);
      response.end();
    });

    await fetched(`${origin}/a`);

    expect(seen).toHaveLength(2);
    expect(seen[1]).toEqual(seen[0]);
  });

  it('ends the connection that it came over', async () => {
    let ended: Promise<unknown> = Promise.resolve();
    const target = await serving((_request, response) => {
      ended.then(
        () => response.end('then'),
        () => undefined,
      );
    });
    const server = await serving((request, response) => {
      ended = once(request.socket, 'close');
      // Its body never ends.
      response.writeHead(302, { location: target.origin }).write('x');
    });
    const list = [server.origin, target.origin];

    expect(await fetched(server.origin, { list })).toBe('then');
  });

  it('that is refused leaves no connection open', async () => {
    const open = new Set<unknown>();
    const server = await serving((request, response) => {
      open.add(request.socket);
      request.socket.once('close', () => open.delete(request.socket));
      // Its body never ends.
      response.writeHead(302, { location: 'http://10.0.0.1/' }).write('x');
    });

    await refusalOf(() => fetched(server.origin));
    while (open.size > 0) await new Promise(setImmediate);

    expect(server.asked).toHaveLength(1);
  });
});
