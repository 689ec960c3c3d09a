import { Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { MailService, SendGridSmtpModule } from 'nestjs-sendgrid-smtp';
import { FakeSendGrid } from 'nestjs-sendgrid-smtp/testing';
import { API_KEY, LEAK } from './support/options.js';
import { recordLogs } from './support/recording-logger.js';

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

const OPTIONS = {
  apiKey: API_KEY,
  host: '127.0.0.1',
  defaults: { from: 'shop@example.com' },
  dkim: { domainName: 'example.com', keySelector: 's1', privateKey },
};

const KEY_LINE = privateKey.split('\n')[1] ?? '';

@Module({ imports: [SendGridSmtpModule.forRoot(OPTIONS)] })
class StaticModule {}

@Module({
  imports: [SendGridSmtpModule.forRootAsync({ useFactory: () => OPTIONS })],
})
class FactoryModule {}

const logger = recordLogs();

function everythingIn(app: INestApplicationContext): string {
  const mail = app.get(MailService);
  return [
    inspect(app, { depth: 20 }),
    inspect(mail, { depth: 20, showHidden: true }),
    JSON.stringify(mail),
    JSON.stringify(mail.stats()),
    inspect(mail.stats()),
  ].join('\n');
}

/** A key of no known shape, and one of SendGrid's. */
const KEYS = ['odd-key-0123456789', undefined];

function asConstant(key: string): string {
  return key;
}

function asFunction(key: string): () => Promise<string> {
  return async () => key;
}

it.each(
  KEYS.flatMap((key) =>
    [asConstant, asFunction].map((give) => ({ key, give })),
  ),
)('cannot be printed once connected: %o', { timeout: 60_000 }, async (row) => {
  const relay = await FakeSendGrid.start(row.key ? { apiKey: row.key } : {});
  const { apiKey } = relay.options;
  const given = { ...relay.options, apiKey: row.give(apiKey) };
  const module = SendGridSmtpModule.forRoot({ ...OPTIONS, ...given });
  const app = await NestFactory.createApplicationContext(module, { logger });
  await app.get(MailService).send({ to: 'ada@example.net', text: 'Hi' });

  const text = everythingIn(app);

  expect(text).not.toContain(apiKey);
  expect(text).not.toContain(
    Buffer.from(`\0apikey\0${apiKey}`).toString('base64'),
  );
  expect(text).not.toContain(KEY_LINE);
  await app.close();
  expect(logger.text).not.toContain(apiKey);
  await relay.stop();
});

describe.each([
  ['forRoot', StaticModule],
  ['forRootAsync', FactoryModule],
])('The secrets given by %s', (_, module) => {
  // Printing a whole application takes seconds.
  it(
    'cannot be printed from the application',
    { timeout: 60_000 },
    async () => {
      const app = await NestFactory.createApplicationContext(module, {
        logger,
      });

      const text = everythingIn(app);

      expect(text).toContain('SendGridSmtpModule');
      expect(text).not.toMatch(LEAK);
      expect(text).not.toContain(KEY_LINE);
      await app.close();
      expect(logger.text).not.toMatch(LEAK);
    },
  );
});
