import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';

import { refusalOf } from '../refusal.js';
import { fetched, serving, streamOf } from './a-server.js';

const TOO_SLOW = /it took longer than `attachments\.urlTimeoutMs` \(50 ms\)/;
const SOON = { timeoutMs: 50 };

/** Writes a piece again and again, until the client is gone. */
function dripping(response: ServerResponse, piece: string, ms: number): void {
  const timer = setInterval(() => response.write(piece), ms);
  response.once('close', () => clearInterval(timer));
}

describe('the time for a URL', () => {
  it('ends a server that never answers', async () => {
    const { origin, asked } = await serving(() => undefined);

    const error = await refusalOf(() => fetched(origin, SOON));

    expect(error.message).toMatch(TOO_SLOW);
    expect(error.retryable).toBe(true);
    expect(asked).toHaveLength(1);
  });

  it('ends a look-up that never answers', async () => {
    const error = await refusalOf(() =>
      fetched('https://cdn.shop.example/', {
        ...SOON,
        lookUp: () => undefined,
      }),
    );

    expect(error.message).toMatch(TOO_SLOW);
  });

  it('ends a body that stands still', async () => {
    const { origin } = await serving((_request, response) => {
      response.write('half');
    });

    const error = await refusalOf(() => fetched(origin, SOON));

    expect(error.message).toMatch(TOO_SLOW);
  });

  it('ends a body that drips', async () => {
    const { origin } = await serving((_request, response) =>
      dripping(response, 'x', 5),
    );

    const error = await refusalOf(() => fetched(origin, SOON));

    expect(error.message).toMatch(TOO_SLOW);
  });

  it('is one for all redirects', async () => {
    const { origin } = await serving(({ url = '' }, response) => {
      const location = `${url}x`;
      setTimeout(() => response.writeHead(302, { location }).end(), 20);
    });

    const error = await refusalOf(() => fetched(origin, SOON));

    expect(error.message).toMatch(TOO_SLOW);
  });

  it('does not run while nobody reads', async () => {
    const bytes = Buffer.alloc(900_000, 'content ');
    const { origin } = await serving((_request, response) =>
      response.end(bytes),
    );
    const timeoutMs = 2000;
    const stream = streamOf(origin, { timeoutMs });
    const read: Buffer[] = [];

    for (;;) {
      await once(stream, 'readable');
      const chunk: unknown = stream.read();
      if (!Buffer.isBuffer(chunk)) break;
      read.push(chunk);
      if (read.length === 1) await pause(timeoutMs + 500);
    }

    expect(Buffer.concat(read).equals(bytes)).toBe(true);
  });

  it('closes the connection when it is over', async () => {
    const closed = new Promise((resolve) => {
      void serving((request) => request.socket.once('close', resolve)).then(
        ({ origin }) => refusalOf(() => fetched(origin, SOON)),
      );
    });

    expect(await closed).toBe(false);
  });
});

describe('the size of what a URL gives', () => {
  it('may be up to the limit', async () => {
    const { origin } = await serving((_request, response) =>
      response.end('a'.repeat(1000)),
    );

    expect(await fetched(origin, { maxBytes: 1000 })).toHaveLength(1000);
  });

  it('is refused by what the server says of it', async () => {
    const { origin } = await serving((_request, response) => {
      response.writeHead(200, { 'content-length': '1001' });
      response.flushHeaders();
    });

    const { message } = await refusalOf(() =>
      fetched(origin, { maxBytes: 1000 }),
    );

    expect(message).toMatch(/`maxMessageBytes` \(1000 bytes\)/);
  });

  it('is refused while it comes, without an end', async () => {
    const { origin } = await serving((_request, response) =>
      dripping(response, 'a'.repeat(10_000), 1),
    );

    const { message } = await refusalOf(() =>
      fetched(origin, { maxBytes: 100_000 }),
    );

    expect(message).toMatch(/`maxMessageBytes` \(100000 bytes\)/);
  });

  it('must be what the server said', async () => {
    const { origin } = await serving((request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('a'.repeat(500), () => request.socket.destroy());
    });

    const error = await refusalOf(() => fetched(origin));

    expect(error.message).toMatch(/could not be fetched/);
    expect(error.retryable).toBe(true);
  });

  it('must be whole when it comes in chunks', async () => {
    const { origin } = await serving((request, response) => {
      response.write('half', () => request.socket.destroy());
    });

    const error = await refusalOf(() => fetched(origin));

    expect(error.message).toMatch(/could not be fetched/);
  });
});

describe('a reader that gives up', () => {
  it.each(['before the answer', 'in the body'])(
    'ends the request %s',
    async (when) => {
      let gone: Promise<unknown> = Promise.resolve();
      const { origin } = await serving((request, response) => {
        gone = once(request.socket, 'close');
        if (when === 'in the body') response.write('half');
        else stream.destroy();
      });
      const stream = streamOf(origin);
      stream.once('data', () => stream.destroy());
      stream.resume();

      await once(stream, 'close');
      await gone;

      expect(stream.errored).toBeNull();
    },
  );
});
