import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { OnSendGridEvent } from 'nestjs-sendgrid-smtp/webhook';
import { Injectable } from '@nestjs/common';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PLATFORMS } from '../support/platforms.js';
import { recordLogs } from '../support/recording-logger.js';
import { WebhookApp } from '../support/webhook-app.js';

const logs = recordLogs();
const web = new WebhookApp(logs);

const PATH = '/sendgrid/events';
const EVENT = { event: 'open', email: 'ada@example.net', sg_event_id: 'e1' };
const SIGNATURE = 'X-Twilio-Email-Event-Webhook-Signature';
const TIMESTAMP = 'X-Twilio-Email-Event-Webhook-Timestamp';
/** Order of the curve P-256. */
const ORDER =
  0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

async function post(
  url: string,
  body: Buffer | string,
  headers: Readonly<Record<string, string>>,
): Promise<number> {
  const bytes = new Uint8Array(Buffer.from(body));
  return (await fetch(url, { method: 'POST', headers, body: bytes })).status;
}

/** Says these bytes on a connection; resolves with the status of the first answer. */
function say(url: string, ...pieces: (string | Buffer)[]): Promise<number> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('There was no answer')));
    socket.once('data', (bytes) => {
      resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(bytes.toString('latin1'))?.[1]));
      socket.destroy();
    });
    for (const piece of pieces) socket.write(piece);
  });
}

function head(
  url: string,
  headers: readonly (readonly [string, string])[],
): string {
  const { host, pathname } = new URL(url);
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${pathname} HTTP/1.1\r\nHost: ${host}\r\n${lines.join('')}\r\n`;
}

/** The other signature that holds for the same bytes: (r, n - s). */
function twinOf(signature: string): string {
  const der = Buffer.from(signature, 'base64');
  const r = der.subarray(4, 4 + (der[3] ?? 0));
  const s = der.subarray(6 + r.length);
  const other = (ORDER - BigInt(`0x${s.toString('hex')}`)).toString(16);
  const padded = other.length % 2 === 0 ? other : `0${other}`;
  const bytes = Buffer.from(
    Number.parseInt(padded.slice(0, 2), 16) > 127 ? `00${padded}` : padded,
    'hex',
  );
  const body = Buffer.concat([
    Buffer.from([2, r.length]),
    r,
    Buffer.from([2, bytes.length]),
    bytes,
  ]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]).toString(
    'base64',
  );
}

describe.each(PLATFORMS)(
  'what an attacker posts on $platform',
  ({ platform, adapter }) => {
    it('with the twin of a signature says what SendGrid said, once', async () => {
      const url = await web.start({ adapter });
      const { headers, body } = web.sender.sign([EVENT]);
      const twin = twinOf(headers[SIGNATURE] ?? '');

      const statuses = [
        await post(url + PATH, body, headers),
        await post(url + PATH, body, { ...headers, [SIGNATURE]: twin }),
      ];
      await web.settle();

      expect(twin).not.toBe(headers[SIGNATURE]);
      expect(statuses).toEqual([204, 204]);
      expect(web.told).toEqual([EVENT]);
    });

    it('with the border of timestamp and body moved is told to nobody', async () => {
      const url = await web.start({ adapter });
      const { headers, body } = web.sender.sign([EVENT]);
      const time = headers[TIMESTAMP] ?? '';
      const all = time + body.toString();
      const lines = Array.from({ length: all.length - 4 }, (_, at) => at + 1)
        .filter((at) => at !== time.length)
        .map((at) => [all.slice(0, at), all.slice(at)] as const);

      for (const [timestamp = '', rest] of lines) {
        const status = await post(url + PATH, rest, {
          ...headers,
          [TIMESTAMP]: timestamp,
        });
        expect([204, 403]).toContain(status);
      }
      await web.settle();

      expect(web.told).toEqual([]);
    });

    it('with a timestamp that is no number is outside of any window', async () => {
      const url = await web.start({
        adapter,
        replayWindowMs: 2_147_483_647,
      });
      const { headers, body } = web.sender.sign([EVENT]);
      const all = (headers[TIMESTAMP] ?? '') + body.toString();

      // The signature holds: only the border has moved.
      const status = await post(url + PATH, all.slice(11), {
        ...headers,
        [TIMESTAMP]: all.slice(0, 11),
      });

      expect(all.slice(0, 11)).toMatch(/^\d{10}\[$/);
      expect(status).toBe(403);
      expect(logs.text).toContain('outside of `replayWindowMs`');
    });

    it('with a header twice is refused', async () => {
      const url = await web.start({ adapter });
      const { headers, body } = web.sender.sign([EVENT]);
      const all: (readonly [string, string])[] = [
        ...Object.entries(headers),
        ['Content-Length', String(body.length)],
      ];
      const twice = (name: string): string =>
        head(url + PATH, [...all, [name, headers[name] ?? '']]);

      expect(await say(url, twice(TIMESTAMP), body)).toBe(403);
      expect(await say(url, twice(SIGNATURE), body)).toBe(403);
      expect(await say(url, head(url + PATH, all), body)).toBe(204);
    });

    it('compressed is not unpacked', async () => {
      const url = await web.start({ adapter });
      const { headers, body } = web.sender.sign([EVENT]);
      const encoded = { ...headers, 'Content-Encoding': 'gzip' };
      const bomb = gzipSync(Buffer.alloc(50_000_000));

      const statuses = [
        await post(url + PATH, gzipSync(body), encoded),
        await post(url + PATH, bomb, encoded),
        // As it stands in the signature, whatever is said of it.
        await post(url + PATH, body, encoded),
      ];

      expect(statuses).toEqual([403, 403, 204]);
    });

    it('in chunks without end is cut at the limit', async () => {
      const url = await web.start({ adapter, maxBodyBytes: 800_000 });
      const { headers } = web.sender.sign([EVENT]);
      const start = head(url + PATH, [
        ...Object.entries(headers),
        ['Transfer-Encoding', 'chunked'],
      ]);
      const chunk = `${(65_536).toString(16)}\r\n${'x'.repeat(65_536)}\r\n`;
      const chunks = Array.from({ length: 13 }, () => chunk);

      expect(await say(url, start, ...chunks)).toBe(413);
    });

    it('in chunks within the limit is taken as it is without', async () => {
      const url = await web.start({ adapter });
      const { headers, body } = web.sender.sign([EVENT]);
      const start = head(url + PATH, [
        ...Object.entries(headers),
        ['Transfer-Encoding', 'chunked'],
      ]);
      const chunks = [...body].map((byte) =>
        Buffer.concat([
          Buffer.from('1\r\n'),
          Buffer.of(byte),
          Buffer.from('\r\n'),
        ]),
      );

      expect(await say(url, start, ...chunks, '0\r\n\r\n')).toBe(204);
      await web.settle();
      expect(web.told).toEqual([EVENT]);
    });

    it('on many connections at once takes no more memory than is allowed', async () => {
      const url = await web.start({ adapter, maxQueuedBytes: 1_048_576 });
      const { headers, body } = web.sender.sign([EVENT]);
      const start = head(url + PATH, [
        ...Object.entries(headers),
        ['Content-Length', '1000000'],
      ]);
      const { hostname, port } = new URL(url);
      const slow = connect(Number(port), hostname);
      slow.on('error', () => undefined);
      await new Promise<void>((resolve) => {
        slow.write(start + 'x'.repeat(900_000), () => resolve());
      });

      const second = await say(url, start + 'x'.repeat(900_000));
      slow.destroy();
      await new Promise((resolve) => slow.once('close', resolve));

      expect(second).toBe(503);
      await expect.poll(() => post(url + PATH, body, headers)).toBe(204);
    });

    it('to the path as the platform may know it too is verified', async () => {
      const url = await web.start({ adapter });
      const { headers, body } = web.sender.sign([EVENT]);
      const forged = `${String(body)} `;

      const statuses = [
        await post(url + PATH.toUpperCase(), body, headers),
        await post(url + PATH.toUpperCase(), forged, headers),
        await post(`${url + PATH}/?x=1`, body, headers),
        await post(`${url + PATH}/?x=1`, forged, headers),
      ];

      // Fastify knows one case, and no slash at the end.
      const known = platform === 'Express' ? [204, 403, 204, 403] : undefined;
      expect(statuses).toEqual(known ?? [404, 404, 404, 404]);
    });
  },
);

describe('what a signed post may hold', () => {
  it.each([
    ['an empty list', '[]'],
    ['a number', '1'],
    ['null', 'null'],
    ['a text', '"open"'],
    ['lists in lists', `${'['.repeat(500_000)}${']'.repeat(500_000)}`],
    ['lists without an end', '['.repeat(1_000_000)],
    ['objects in objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
    ['a byte order mark', '\ufeff[{"event":"open"}]'],
    ['nothing', ''],
    ['no UTF-8', Buffer.from([0xff, 0xfe, 0x5b])],
  ])('is %s, of which nobody is told', async (_, text) => {
    await web.start();

    expect(web.webhook.take(Buffer.from(text))).toBe(true);
    expect(web.webhook.take(Buffer.from('[{"event":"click"}]'))).toBe(true);
    await web.settle();

    expect(web.told).toEqual([{ event: 'click' }]);
  });

  it('is not quoted in the log when it cannot be read', async () => {
    await web.start();

    web.webhook.take(Buffer.from('ada@example.net\r\nERROR forged line'));
    await web.settle();

    expect(logs.text).toContain('its 34 bytes are no JSON');
    expect(logs.text).not.toContain('ada@');
    expect(logs.text).not.toContain('forged');
  });

  it('reaches the log through an error of a handler as one line', async () => {
    @Injectable()
    class Handlers {
      @OnSendGridEvent('open')
      onOpen({ email = '' }: { email?: string }): void {
        throw new Error(`No such user: ${email}`);
      }
    }
    await web.start({ metadata: { providers: [Handlers] } });
    const event = { event: 'open', email: 'a\u001b[31m\r\nERROR \u2028forged' };

    web.webhook.take(Buffer.from(JSON.stringify([event])));
    await web.settle();

    const lines = logs.lines.filter((line) => line.includes('No such user'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toMatch(/[\p{C}\p{Zl}]/u);
  });

  it('changes nothing but its own event, whatever its fields are called', async () => {
    const suppressed: string[] = [];
    await web.start({
      onSuppressed: (address) => {
        suppressed.push(address);
      },
    });
    const names = fc.constantFrom(
      '__proto__',
      'constructor',
      'prototype',
      'toString',
      'email',
      'event',
      'mail_id',
      'sg_event_id',
      'then',
    );
    const texts = fc.oneof(names, fc.string());
    const values = fc.oneof(
      texts,
      fc.dictionary(names, texts, { noNullPrototype: true }),
    );
    const entries = fc.array(fc.tuple(names, values), { maxLength: 6 });
    const before = Object.getOwnPropertyNames(Object.prototype);

    await fc.assert(
      fc.asyncProperty(texts, entries, async (event, fields) => {
        const members = [['event', event], ...fields].map(
          ([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`,
        );
        web.webhook.take(Buffer.from(`[{${members.join(',')}}]`));
        await web.settle();
      }),
      { numRuns: 50 },
    );

    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
    expect('email' in {}).toBe(false);
    expect(logs.text).not.toContain('failed');
  });

  it('names nobody through the prototype of an event', async () => {
    const suppressed: string[] = [];
    await web.start({
      onSuppressed: (address) => {
        suppressed.push(address);
      },
    });

    web.webhook.take(
      Buffer.from(
        '[{"event":"bounce","__proto__":{"email":"ada@example.net"}},' +
          '{"event":"bounce","email":"bob@example.net"}]',
      ),
    );
    await web.settle();

    expect(suppressed).toEqual(['bob@example.net']);
    expect(web.told).toHaveLength(2);
  });
});
