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

  it('refuses a fleet for an instance that has tenants', async () => {
    const started = start(
      SendGridSmtpModule.forRoot({ ...CAPTURE, tenants: () => ({}) }),
      MailOutboxModule.forRoot({
        ...OPTIONS,
        role: 'both',
        fleet: { maxConnections: 10 },
      }),
    );

    await expect(started).rejects.toThrow(InvalidOptionsError);
    await expect(started).rejects.toThrow(
      /`fleet` does not go together with `tenants`/,
    );
  });

  it('refuses two fleets for one instance', async () => {
    const options = {
      ...OPTIONS,
      role: 'both' as const,
      fleet: { maxConnections: 10 },
    };
    const started = start(
      SendGridSmtpModule.forRoot(CAPTURE),
      MailOutboxModule.forRoot(options),
      MailOutboxModule.forRoot({ ...options, name: 'bulk', queueName: 'bulk' }),
    );

    await expect(started).rejects.toThrow(InvalidOptionsError);
    await expect(started).rejects.toThrow(/`fleet` is set by another outbox/);
  });

  it('asks a fleet that it has, and whose store answers', async () => {
    const fleet = { maxConnections: 10 };
    const without = await start(MailOutboxModule.forRoot(OPTIONS));
    const down = await start(MailOutboxModule.forRoot({ ...OPTIONS, fleet }));
    const answers = (app: INestApplicationContext): Promise<unknown[]> => {
      const outbox = app.get(MailOutbox);
      const asked: readonly Promise<unknown>[] = [
        outbox.pause('an incident'),
        outbox.resume(),
        outbox.setRateLimit(undefined),
        outbox.fleet(),
      ];
      const messageOf = ({ message }: Error): unknown => message;
      return Promise.all(asked.map((answer) => answer.catch(messageOf)));
    };

    expect(await answers(without)).toEqual(
      ['pause', 'resume', 'setRateLimit', 'fleet'].map((method) =>
        expect.stringContaining(
          `\`fleet\` is not set, and \`${method}\` was called`,
        ),
      ),
    );
    expect(await answers(down)).toEqual(
      Array.from({ length: 4 }, () =>
        expect.stringContaining('The store of the outbox did not answer'),
      ),
    );
  });

  it('refuses a rate for the fleet that is none', async () => {
    const fleet = { maxConnections: 10 };
    const app = await start(MailOutboxModule.forRoot({ ...OPTIONS, fleet }));
    const limit = { messages: 0, perMs: 1000 };

    await expect(app.get(MailOutbox).setRateLimit(limit)).rejects.toThrow(
      InvalidOptionsError,
    );
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
