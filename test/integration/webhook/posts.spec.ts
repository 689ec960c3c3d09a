import {
  Controller,
  ForbiddenException,
  Headers,
  HttpCode,
  Post,
  RawBody,
  Req,
  VersioningType,
  type INestApplication,
} from '@nestjs/common';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import {
  readPublicKey,
  SendGridWebhook,
  SendGridWebhookModule,
  SIGNATURE_HEADER,
  TIMESTAMP_HEADER,
  verifySignature,
} from 'nestjs-sendgrid-smtp/webhook';
import { describe, expect, it, onTestFinished } from 'vitest';
import { FakeWebhook } from '../../../lib/testing/fake-sendgrid/fake-webhook.js';
import { PLATFORMS } from '../support/platforms.js';
import { recordLogs } from '../support/recording-logger.js';
import { WebhookApp } from '../support/webhook-app.js';

const logs = recordLogs();
const web = new WebhookApp(logs);

const PATH = '/sendgrid/events';
const EVENT = { event: 'open', email: 'ada@example.net', sg_event_id: 'e1' };

async function post(
  url: string,
  body: Buffer | string,
  headers: Record<string, string> = {},
): Promise<number> {
  const bytes = new Uint8Array(Buffer.from(body));
  return (await fetch(url, { method: 'POST', headers, body: bytes })).status;
}

/** A controller of the application's own, whose bodies are parsed as ever. */
@Controller('echo')
class EchoController {
  @Post()
  echo(@Req() request: { body: unknown }): unknown {
    return request.body;
  }
}

describe.each(PLATFORMS)('posts on $platform', ({ adapter }) => {
  it('are answered with 204 and told of', async () => {
    const url = await web.start({ adapter });

    await expect(web.sender.post(url + PATH, [EVENT])).resolves.toBe(204);
    await web.settle();

    expect(web.told).toEqual([EVENT]);
  });

  it('are refused with 401 when they are not signed, whatever they hold', async () => {
    const url = await web.start({ adapter });
    const { headers, body } = web.sender.sign([EVENT]);
    const { 'Content-Type': type = '' } = headers;
    const [, signature = ''] = Object.keys(headers);
    const half = {
      'Content-Type': type,
      [signature]: headers[signature] ?? '',
    };

    const statuses = [
      await post(url + PATH, body, { 'Content-Type': type }),
      await post(url + PATH, body, half),
      await post(url + PATH, '{', { 'Content-Type': type }),
      await post(url + PATH, '', { 'Content-Type': type }),
      await post(url + PATH, 'a=b'),
    ];

    expect(statuses).toEqual([401, 401, 401, 401, 401]);
    await web.settle();
    expect(web.told).toEqual([]);
  });

  it('are refused with 403 when the signature is not theirs', async () => {
    const url = await web.start({ adapter });
    const { headers, body } = web.sender.sign([EVENT]);
    const other = Buffer.from(body);
    other[3] = (other[3] ?? 0) ^ 1;

    const statuses = [
      await post(url + PATH, other, headers),
      await post(url + PATH, body.subarray(0, -2), headers),
      await post(url + PATH, '{', headers),
      await post(url + PATH, '', headers),
      await post(url + PATH, body, { ...headers, 'Content-Type': 'x/y' }),
    ];

    expect(statuses).toEqual([403, 403, 403, 403, 204]);
  });

  it('may be larger than other bodies, up to their own limit', async () => {
    const maxBodyBytes = 900_000;
    const metadata = { controllers: [EchoController] };
    const url = await web.start({ adapter, maxBodyBytes, metadata });
    const events = (bytes: number): (typeof EVENT)[] => [
      { ...EVENT, email: 'x'.repeat(bytes) },
    ];

    const taken = await web.sender.post(url + PATH, events(850_000));
    const refused = await web.sender.post(url + PATH, events(900_000));
    const json = { 'Content-Type': 'application/json' };
    const other = JSON.stringify({ text: 'x'.repeat(1_200_000) });

    expect([taken, refused]).toEqual([204, 413]);
    expect(await post(`${url}/echo`, other, json)).toBe(413);
    await web.settle();
    expect(web.told).toHaveLength(1);
  });

  it('leave the bodies of all other routes alone', async () => {
    const metadata = { controllers: [EchoController] };
    const url = await web.start({ adapter, metadata });

    const answer = await fetch(`${url}/echo`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"a":1}',
    });

    expect(await answer.json()).toEqual({ a: 1 });
  });

  it('are taken under a prefix, in any version', async () => {
    const url = await web.start({
      adapter,
      path: '/hooks/mail/',
      prepare: (app) => {
        app.setGlobalPrefix('api');
        app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
      },
    });

    const status = await web.sender.post(`${url}/api/hooks/mail?a=b`, [EVENT]);

    expect(status).toBe(204);
  });

  it('are taken at a path with a parameter', async () => {
    const url = await web.start({ adapter, path: 'hooks/:tenant/mail' });

    const statuses = [
      await web.sender.post(`${url}/hooks/acme/mail`, [EVENT]),
      await web.sender.post(`${url}/hooks/mail`, [EVENT]),
    ];

    expect(statuses).toEqual([204, 404]);
  });

  it('are taken when any of several keys has signed them', async () => {
    const [first, second, third] = [
      new FakeWebhook(),
      new FakeWebhook(),
      new FakeWebhook(),
    ];
    const publicKeys = [first.publicKey, second.publicKey];
    const url = await web.start({ adapter, publicKeys });

    const statuses = [
      await first.post(url + PATH, [EVENT]),
      await second.post(url + PATH, [EVENT]),
      await third.post(url + PATH, [EVENT]),
    ];

    expect(statuses).toEqual([204, 204, 403]);
  });

  it('are answered before they are handled', async () => {
    let goOn = (): void => undefined;
    const seen = {
      enter: (ids: readonly string[]) =>
        new Promise<boolean[]>((resolve) => {
          goOn = () => resolve(ids.map(() => true));
        }),
    };
    const url = await web.start({ adapter, seen });

    const status = await web.sender.post(url + PATH, [EVENT]);
    await web.settle();
    expect([status, web.told]).toEqual([204, []]);
    goOn();
    await web.settle();

    expect(web.told).toEqual([EVENT]);
  });

  it('are taken by an application that tests make', async () => {
    const module = SendGridWebhookModule.forRoot({
      publicKeys: web.sender.publicKey,
    });
    const compiled = await Test.createTestingModule({
      imports: [module],
    }).compile();
    const app = compiled.createNestApplication(adapter());
    await app.listen(0, '127.0.0.1');
    const url = await app.getUrl();

    const large = { ...EVENT, email: 'x'.repeat(800_000) };
    const status = await web.sender.post(url + PATH, [large]);
    await app.close();

    expect(status).toBe(204);
  });

  it('are taken with the raw body of Nest switched on', async () => {
    const module = SendGridWebhookModule.forRoot({
      publicKeys: web.sender.publicKey,
    });
    const compiled = await Test.createTestingModule({
      imports: [module],
    }).compile();
    const app = compiled.createNestApplication(adapter(), {
      rawBody: true,
    });
    await app.listen(0, '127.0.0.1');

    const status = await web.sender.post((await app.getUrl()) + PATH, [EVENT]);
    await app.close();

    expect(status).toBe(204);
  });

  it('are put off with 503 while too many wait', async () => {
    let goOn = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const seen = {
      enter: (ids: readonly string[]) => held.then(() => ids.map(() => true)),
    };
    const maxQueuedBytes = 1_048_576;
    const url = await web.start({ adapter, maxQueuedBytes, seen });
    const large = { ...EVENT, email: 'x'.repeat(700_000) };

    const first = await web.sender.post(url + PATH, [large]);
    const second = await web.sender.post(url + PATH, [large]);
    goOn();
    await web.settle();
    const third = await web.sender.post(url + PATH, [large]);

    expect([first, second, third]).toEqual([204, 503, 204]);
  });

  it('are refused outside of the replay window, if there is one', async () => {
    const url = await web.start({ adapter, replayWindowMs: 60_000 });
    const at = (ms: number): Date => new Date(Date.now() + ms);
    const statuses: number[] = [];
    for (const ms of [0, -50_000, -70_000, 70_000]) {
      const { headers, body } = web.sender.sign([EVENT], at(ms));
      statuses.push(await post(url + PATH, body, headers));
    }

    expect(statuses).toEqual([204, 204, 403, 403]);
  });

  it('of any age are taken without one', async () => {
    const url = await web.start({ adapter });
    const { headers, body } = web.sender.sign([EVENT], new Date(0));

    expect(await post(url + PATH, body, headers)).toBe(204);
  });
});

/** What handles a request that something else has received. */
function handlerOf(app: INestApplication): RequestListener {
  const instance: unknown = app.getHttpAdapter().getInstance();
  const routing: unknown = Reflect.get(Object(instance), 'routing');
  const handle = routing ?? instance;
  if (typeof handle !== 'function') throw new Error('Nothing handles requests');
  return (request, response) =>
    void Reflect.apply(handle, instance, [request, response]);
}

describe.each(PLATFORMS)(
  'behind what reads requests, $platform',
  ({ adapter }) => {
    /** Has a server read each request before the application is given it. */
    async function startBehind(keep: boolean): Promise<string> {
      await web.start({ adapter });
      const handle = handlerOf(web.app);
      const server = createServer((request, response) => {
        void buffer(request).then((rawBody) => {
          if (keep) Object.assign(request, { rawBody });
          handle(request, response);
        });
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      onTestFinished(() => void server.close());
      const address = server.address();
      const port = typeof address === 'object' ? address?.port : undefined;
      return `http://127.0.0.1:${port}`;
    }

    it('takes posts whose bytes were kept', async () => {
      const url = await startBehind(true);
      const { headers, body } = web.sender.sign([EVENT]);

      expect(await post(url + PATH, body, headers)).toBe(204);
      expect(await post(url + PATH, `${String(body)} `, headers)).toBe(403);
      await web.settle();
      expect(web.told).toEqual([EVENT]);
    });

    it('says what is missing when they were not', async () => {
      const url = await startBehind(false);

      expect(await web.sender.post(url + PATH, [EVENT])).toBe(500);
      expect(logs.text).toContain('has not kept the bytes as `rawBody`');
    });
  },
);

/** As the page says that one should be written. */
describe.each([
  {
    platform: 'Express',
    adapter: () => new ExpressAdapter(),
    raise: (app: INestApplication) => {
      const express: unknown = Reflect.get(app, 'useBodyParser');
      if (typeof express !== 'function') throw new Error('It is not there');
      Reflect.apply(express, app, ['json', { limit: '2mb' }]);
    },
  },
  {
    platform: 'Fastify',
    adapter: () => new FastifyAdapter({ bodyLimit: 2_097_152 }),
    raise: () => undefined,
  },
])('a controller of your own on $platform', ({ adapter, raise }) => {
  async function start(
    options: { readonly rawBody?: boolean },
    prepare: (app: INestApplication) => void = () => undefined,
  ): Promise<string> {
    const keys = [readPublicKey(web.sender.publicKey)];
    @Controller('own')
    class OwnController {
      @Post()
      @HttpCode(204)
      take(
        @RawBody() body: Buffer,
        @Headers(SIGNATURE_HEADER) signature = '',
        @Headers(TIMESTAMP_HEADER) timestamp = '',
      ): void {
        if (verifySignature({ signature, timestamp, body }, keys)) return;
        throw new ForbiddenException();
      }
    }
    const compiled = await Test.createTestingModule({
      controllers: [OwnController],
    }).compile();
    const given = { ...options, logger: logs };
    const app = compiled.createNestApplication(adapter(), given);
    onTestFinished(() => app.close());
    prepare(app);
    await app.listen(0, '127.0.0.1');
    return `${await app.getUrl()}/own`;
  }

  it('takes posts as large as they come', async () => {
    const url = await start({ rawBody: true }, raise);
    const large = { ...EVENT, email: 'x'.repeat(850_000) };
    const { headers, body } = web.sender.sign([EVENT]);

    expect(await web.sender.post(url, [large])).toBe(204);
    expect(await post(url, `${String(body)} `, headers)).toBe(403);
  });

  it('is told what to switch on when there is no raw body', async () => {
    const url = await start({});

    expect(await web.sender.post(url, [EVENT])).toBe(500);
    expect(logs.text).toContain('`rawBody` is not switched on');
    expect(logs.text).toContain('{ rawBody: true }');
  });
});

describe('the controller', () => {
  it('can be left out, for one of your own', async () => {
    const url = await web.start({ path: false });
    const { headers, body } = web.sender.sign([EVENT]);

    expect(await post(url + PATH, body, headers)).toBe(404);
    expect(web.app.get(SendGridWebhook).take(body)).toBe(true);
    await web.settle();
    expect(web.told).toEqual([EVENT]);
  });

  it('carries the decorators that are given', async () => {
    const targets: unknown[] = [];

    await web.start({ decorators: [(target) => void targets.push(target)] });

    expect(targets).toHaveLength(1);
  });
});
