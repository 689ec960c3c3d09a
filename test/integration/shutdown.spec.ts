import {
  Controller,
  Get,
  Module,
  type INestApplicationContext,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  createServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  MailExceptionFilter,
  MailService,
  SendGridSmtpModule,
  type DrainReport,
  type SendGridSmtpOptions,
} from 'nestjs-sendgrid-smtp';
import { FakeSendGrid } from 'nestjs-sendgrid-smtp/testing';
import { API_KEY, CAPTURE, MESSAGE } from './support/options.js';
import { createApp, PLATFORMS } from './support/platforms.js';
import { recordLogs } from './support/recording-logger.js';

const DEFAULTS = { from: 'shop@example.com' };

@Controller('mail')
class MailController {
  constructor(private readonly mail: MailService) {}

  @Get()
  async send(): Promise<string> {
    return (await this.mail.send(MESSAGE)).response;
  }
}

@Module({ controllers: [MailController] })
class FeatureModule {}

/** Accepts connections and never says a word. */
async function startDeadServer(): Promise<{ port: number; stop(): void }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    // A listening TCP server has an address with a port.
    port: (server.address() as AddressInfo).port,
    stop: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

const logger = recordLogs();

async function context(
  options: SendGridSmtpOptions,
): Promise<INestApplicationContext> {
  const module = SendGridSmtpModule.forRoot({ defaults: DEFAULTS, ...options });
  return NestFactory.createApplicationContext(module, { logger });
}

describe('app.close()', () => {
  it('delivers 500 queued messages', async () => {
    const relay = await FakeSendGrid.start();
    const onReport = vi.fn<(report: DrainReport) => void>();
    const app = await context({ ...relay.options, shutdown: { onReport } });
    const mail = app.get(MailService);
    const sent = Array.from({ length: 500 }, (_, n) =>
      mail.send({ ...MESSAGE, subject: `Mail ${n}` }),
    );

    await app.close();

    const receipts = await Promise.all(sent);
    expect(new Set(receipts.map(({ sendGridId }) => sendGridId)).size).toBe(
      500,
    );
    expect(relay.messages).toHaveLength(500);
    expect(onReport).toHaveBeenCalledExactlyOnceWith({
      accepted: 500,
      rejected: 0,
      unknown: 0,
      notSent: 0,
      abandoned: [],
    });
    expect(relay.counters).toMatchObject({ closedWithoutQuit: 0 });
    await expect(mail.send(MESSAGE)).rejects.toMatchObject({
      code: 'SHUT_DOWN',
    });
    await relay.stop();
  });

  it('does not fail when the report’s reader throws, and logs it', async () => {
    const app = await context({
      ...CAPTURE,
      shutdown: {
        onReport: () => {
          throw new Error('no disk');
        },
      },
    });

    await app.close();

    expect(logger.ours.at(-1)).toMatch(/shutdown\.onReport failed: no disk/);
  });

  it('waits for the report’s reader, and does not fail when it rejects', async () => {
    const app = await context({
      ...CAPTURE,
      shutdown: { onReport: () => Promise.reject(new Error('no disk')) },
    });

    await app.close();

    expect(logger.ours.at(-1)).toMatch(/shutdown\.onReport failed: no disk/);
  });

  it('settles what is still being composed when its time is over', async () => {
    const app = await context({
      ...CAPTURE,
      plugins: [{ step: 'compile', plugin: () => undefined }],
      shutdown: { timeoutMs: 20 },
    });
    const sent = app.get(MailService).send(MESSAGE);

    const [settled] = await Promise.allSettled([sent, app.close()]);

    expect(settled).toMatchObject({ reason: { code: 'SHUT_DOWN' } });
    expect(logger.ours.at(-1)).toMatch(/1 not sent, 0 of unknown outcome/);
  });
});

describe('MailService.drain', () => {
  it('shares one promise, with app.close() too', async () => {
    const onReport = vi.fn<(report: DrainReport) => void>();
    const app = await context({ ...CAPTURE, shutdown: { onReport } });
    const mail = app.get(MailService);
    const sent = mail.send(MESSAGE);

    const reports = await Promise.all([mail.drain(), mail.drain()]);
    await app.close();

    expect(reports[0]).toEqual(reports[1]);
    expect(onReport).toHaveBeenCalledTimes(1);
    await expect(sent).resolves.toBeDefined();
  });

  it.each([0, Number.NaN])('refuses a timeoutMs of %d', async (timeoutMs) => {
    const app = await context(CAPTURE);

    await expect(
      app.get(MailService).drain({ timeoutMs }),
    ).rejects.toMatchObject({ code: 'INVALID_MESSAGE' });

    await app.close();
  });
});

describe.each(PLATFORMS)('app.close() with $platform', ({ adapter }) => {
  let dead: Awaited<ReturnType<typeof startDeadServer>>;

  beforeEach(async () => {
    dead = await startDeadServer();
  });

  afterEach(() => dead.stop());

  it('returns in time with a dead relay and 50 handlers awaiting send', async () => {
    const timeoutMs = 500;
    const options = {
      apiKey: API_KEY,
      host: '127.0.0.1',
      port: dead.port,
      defaults: DEFAULTS,
      shutdown: { timeoutMs },
    };
    const imports = [SendGridSmtpModule.forRoot(options), FeatureModule];
    const app = await createApp({ imports }, adapter());
    app.useGlobalFilters(new MailExceptionFilter());
    await app.listen(0, '127.0.0.1');
    const url = `${await app.getUrl()}/mail`;
    const mail = app.get(MailService);
    const answers = Array.from({ length: 50 }, () =>
      fetch(url, { headers: { connection: 'close' } }),
    );
    await vi.waitFor(() => expect(mail.stats().queue.messages).toBe(50), 5000);
    const startedAt = performance.now();

    await app.close();

    const tookMs = performance.now() - startedAt;
    expect(tookMs).toBeGreaterThanOrEqual(timeoutMs - 20);
    expect(tookMs).toBeLessThan(timeoutMs + 1000);
    const responses = await Promise.all(answers);
    const bodies: unknown[] = await Promise.all(
      responses.map((response) => response.json()),
    );
    expect(bodies).toHaveLength(50);
    for (const body of bodies) {
      expect(body).toMatchObject({ statusCode: 503, code: 'SHUT_DOWN' });
    }
    expect(mail.stats()).toMatchObject({
      connections: { open: 0 },
      queue: { messages: 0 },
      totals: { submitted: 50, notSent: 50, pending: 0 },
    });
  });
});
