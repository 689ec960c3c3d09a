import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  MailService,
  SendGridSmtpModule,
  type SendGridSmtpOptions,
} from 'nestjs-sendgrid-smtp';
import { FakeSendGrid } from 'nestjs-sendgrid-smtp/testing';
import { API_KEY, LEAK } from './support/options.js';
import { recordLogs } from './support/recording-logger.js';

const logger = recordLogs();
let relay: FakeSendGrid;
let app: INestApplicationContext | undefined;

beforeEach(async () => {
  relay = await FakeSendGrid.start();
});

afterEach(async () => {
  await app?.close();
  app = undefined;
  await relay.stop();
});

async function start(options: SendGridSmtpOptions): Promise<void> {
  const module = SendGridSmtpModule.forRoot({ ...relay.options, ...options });
  app = await NestFactory.createApplicationContext(module, {
    logger,
    abortOnError: false,
  });
}

// The pool may warn of its own, too.
function warnings(): string[] {
  return logger.ours.filter((line) => /^warn .*Verifying/.test(line));
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describe.each(['warn', 'fail'] as const)("verifyOnStart: '%s'", (verify) => {
  it('connects and logs in', async () => {
    await start({ verifyOnStart: verify });

    await relay.waitUntil(({ authenticated }) => authenticated === 1);
    expect(warnings()).toEqual([]);
  });

  it('only warns of a relay that cannot be reached', async () => {
    await start({ verifyOnStart: verify, port: await closedPort() });

    await vi.waitFor(() => expect(warnings()).toHaveLength(1));
  });

  it('only warns of a temporary failure', async () => {
    relay.fail('auth', '451 Temporary authentication failure', { times: 9 });

    await start({ verifyOnStart: verify });

    await vi.waitFor(() => expect(warnings()).toHaveLength(1));
  });
});

describe('A refused key', () => {
  it("stops the bootstrap with verifyOnStart: 'fail'", async () => {
    const started = start({ apiKey: API_KEY, verifyOnStart: 'fail' });

    await expect(started).rejects.toMatchObject({ code: 'ACCOUNT' });
    expect(logger.text).not.toMatch(LEAK);
  });

  it("only warns with verifyOnStart: 'warn'", async () => {
    await start({ apiKey: API_KEY, verifyOnStart: 'warn' });

    await vi.waitFor(() => expect(warnings()).toHaveLength(1));
    expect(logger.text).not.toMatch(LEAK);
  });

  it('is reported by MailService.verify', async () => {
    await start({ apiKey: API_KEY });

    await expect(app?.get(MailService).verify()).rejects.toMatchObject({
      code: 'ACCOUNT',
      scope: 'account',
    });
  });
});

describe('A key from a function', () => {
  it.each(['warn', 'fail'] as const)(
    "is asked for with verifyOnStart: '%s'",
    async (verifyOnStart) => {
      const key = relay.options.apiKey;
      await start({ apiKey: async () => key, verifyOnStart });

      await relay.waitUntil(({ authenticated }) => authenticated === 1);
      await vi.waitFor(() =>
        expect(app?.get(MailService).stats().keyFingerprint).toMatch(
          /^[\da-f]{8}$/,
        ),
      );
    },
  );

  it("stops the bootstrap with verifyOnStart: 'fail' when it is no key", async () => {
    const apiKey = () => `${API_KEY}\n`;
    const started = start({ apiKey, verifyOnStart: 'fail' });

    await expect(started).rejects.toMatchObject({
      code: 'ACCOUNT',
      message: expect.stringContaining('trailing white space'),
    });
    expect(logger.text).not.toMatch(LEAK);
  });

  it('only warns when the function fails', async () => {
    const apiKey = () => Promise.reject(new Error('The vault is sealed'));
    await start({ apiKey, verifyOnStart: 'fail' });

    expect(warnings()).toEqual([expect.stringContaining('vault is sealed')]);
  });

  it('is not asked for without verifyOnStart', async () => {
    const apiKey = vi.fn(() => API_KEY);
    await start({ apiKey });

    expect(apiKey).not.toHaveBeenCalled();
    expect(app?.get(MailService).stats()).not.toHaveProperty('keyFingerprint');
  });
});

describe('Without verifyOnStart', () => {
  it('nothing connects at start', async () => {
    await start({});

    expect(relay.counters.connections).toBe(0);
  });

  it('warnings of the options are logged once', async () => {
    await start({ apiKey: 'odd-key' });

    const odd = logger.ours.filter((line) => /^warn .*apiKey/.test(line));
    expect(odd).toHaveLength(1);
    expect(logger.text).not.toContain('odd-key');
  });
});
