import { Injectable, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { DynamicModule, INestApplicationContext } from '@nestjs/common';
import { InvalidOptionsError, SendGridSmtpModule } from 'nestjs-sendgrid-smtp';
import {
  getMailOutboxToken,
  MailOutbox,
  MailOutboxModule,
  type MailOutboxOptions,
  type MailOutboxOptionsFactory,
} from 'nestjs-sendgrid-smtp/outbox';
import { describe, expect, it, onTestFinished } from 'vitest';

import { CAPTURE } from './support/options.js';

/** Nothing listens there. */
const OPTIONS: MailOutboxOptions = {
  connection: 'redis://:secret@127.0.0.1:1',
  environment: 'test',
  role: 'producer',
};
const MESSAGE = { to: 'ada@example.net', text: 'Hi' };

@Injectable()
class Factory implements MailOutboxOptionsFactory {
  createMailOutboxOptions(): MailOutboxOptions {
    return OPTIONS;
  }
}

@Module({ providers: [Factory], exports: [Factory] })
class FactoryModule {}

async function start(
  ...imports: DynamicModule[]
): Promise<INestApplicationContext> {
  const app = await NestFactory.createApplicationContext(
    { module: FactoryModule, imports },
    { logger: false, abortOnError: false },
  );
  onTestFinished(() => app.close());
  return app;
}

describe('MailOutboxModule', () => {
  it.each<[string, () => DynamicModule]>([
    ['forRoot', () => MailOutboxModule.forRoot(OPTIONS)],
    [
      'useFactory',
      () => MailOutboxModule.forRootAsync({ useFactory: () => OPTIONS }),
    ],
    ['useClass', () => MailOutboxModule.forRootAsync({ useClass: Factory })],
    [
      'useExisting',
      () =>
        MailOutboxModule.forRootAsync({
          imports: [FactoryModule],
          useExisting: Factory,
        }),
    ],
  ])('starts without its store, by %s, and fails soon', async (_form, made) => {
    const app = await start(made());
    const startedAt = performance.now();
    const enqueued = app.get(MailOutbox).enqueue(MESSAGE);

    await expect(enqueued).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      deliveryState: 'not-sent',
      retryable: true,
    });
    expect(performance.now() - startedAt).toBeLessThan(4000);
  });

  it('provides several under their names', async () => {
    const app = await start(
      MailOutboxModule.forRoot(OPTIONS),
      MailOutboxModule.forRoot({ ...OPTIONS, name: 'bulk' }),
    );

    expect(app.get(getMailOutboxToken('bulk'))).toBeInstanceOf(MailOutbox);
    expect(app.get(getMailOutboxToken('bulk'))).not.toBe(app.get(MailOutbox));
  });

  it('lists what is wrong with its options', async () => {
    const started = start(
      MailOutboxModule.forRoot({ ...OPTIONS, environment: '', lockMs: 1 }),
    );

    await expect(started).rejects.toThrow(InvalidOptionsError);
    await expect(started).rejects.toThrow(
      /MailOutboxModule.*`environment`.*`lockMs`/s,
    );
  });

  it('needs a mail instance to send', async () => {
    const started = start(
      MailOutboxModule.forRoot({ ...OPTIONS, role: 'both' }),
    );

    await expect(started).rejects.toThrow(/is no mail instance/);
  });

  it('enqueues nothing in the role of a worker', async () => {
    const app = await start(
      SendGridSmtpModule.forRoot(CAPTURE),
      MailOutboxModule.forRoot({ ...OPTIONS, role: 'worker' }),
    );

    await expect(app.get(MailOutbox).enqueue(MESSAGE)).rejects.toThrow(
      /`role` is 'worker'/,
    );
  });
});
