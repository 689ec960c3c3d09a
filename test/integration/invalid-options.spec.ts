import { Injectable, Logger, Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  InvalidOptionsError,
  isMailError,
  SendGridSmtpModule,
  type SendGridSmtpOptions,
  type SendGridSmtpOptionsFactory,
} from 'nestjs-sendgrid-smtp';
import { API_KEY, LEAK } from './support/options.js';
import { recordLogs } from './support/recording-logger.js';

const logger = recordLogs();

async function failureOf(module: DynamicModule): Promise<unknown> {
  @Module({ imports: [module] })
  class AppModule {}
  try {
    const app = await NestFactory.createApplicationContext(AppModule, {
      abortOnError: false,
      logger,
    });
    await app.close();
  } catch (error) {
    // What Nest itself prints when it aborts.
    Logger.error(error);
    return error;
  }
  throw new Error('The bootstrap did not fail');
}

// What a mistaken or untyped caller gives.
function factory(make: () => unknown): DynamicModule {
  return SendGridSmtpModule.forRootAsync({
    useFactory: make as () => SendGridSmtpOptions,
  });
}

@Injectable()
class FailingFactory implements SendGridSmtpOptionsFactory {
  createSendGridSmtpOptions(): SendGridSmtpOptions {
    throw new Error(`no configuration for ${API_KEY}`);
  }
}

describe('Invalid options', () => {
  it('fail the bootstrap with every problem in one error', async () => {
    const error = await failureOf(
      SendGridSmtpModule.forRoot({
        apiKey: `${API_KEY}\n`,
        port: 70_000,
        pool: { maxConnections: 0 },
      }),
    );

    expect(error).toBeInstanceOf(InvalidOptionsError);
    expect(isMailError(error) && error.code).toBe('INVALID_OPTIONS');
    const problems = (error as InvalidOptionsError).problems;
    expect(problems.map(({ option }) => option).toSorted()).toEqual([
      'apiKey',
      'pool.maxConnections',
      'port',
    ]);
    expect(inspect(error, { depth: 20 })).not.toMatch(LEAK);
    expect(logger.text).toContain('pool.maxConnections');
    expect(logger.text).not.toMatch(LEAK);
  });

  it('name an unknown option and not its value', async () => {
    const options = { apikey: API_KEY };

    const error = await failureOf(
      SendGridSmtpModule.forRoot(options as SendGridSmtpOptions),
    );

    expect(inspect(error)).toMatch(/`apikey`.*apiKey/);
    expect(inspect(error, { depth: 20 })).not.toMatch(LEAK);
    expect(logger.text).not.toMatch(LEAK);
  });

  it.each([undefined, null, 'options', [] as unknown])(
    'tell that the factory made %j',
    async (made) => {
      const error = await failureOf(factory(() => made));

      expect(error).toBeInstanceOf(InvalidOptionsError);
      expect(inspect(error)).toMatch(/does the factory return its options/);
    },
  );

  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new TypeError(`cannot use ${API_KEY} here`);
      },
    ],
    ['rejects', () => Promise.reject(new TypeError(`cannot use ${API_KEY}`))],
  ])('tell that the factory %s, without what it leaks', async (_, make) => {
    const error = await failureOf(factory(make));

    expect(error).toBeInstanceOf(InvalidOptionsError);
    expect(inspect(error)).toMatch(
      /`useFactory` made no options: TypeError: cannot use \[redacted\]/,
    );
    expect(inspect(error)).toContain('invalid-options.spec.ts');
    expect(inspect(error, { depth: 20 })).not.toMatch(LEAK);
    expect(logger.text).not.toMatch(LEAK);
  });

  it('tell that the factory rejects with something that is no error', async () => {
    const error = await failureOf(factory(() => Promise.reject(API_KEY)));

    expect(error).toBeInstanceOf(InvalidOptionsError);
    expect(inspect(error, { depth: 20 })).not.toMatch(LEAK);
  });

  it('tell that the factory class throws', async () => {
    const error = await failureOf(
      SendGridSmtpModule.forRootAsync({ useClass: FailingFactory }),
    );

    expect(inspect(error)).toMatch(/`useClass` made no options: Error: no con/);
    expect(inspect(error, { depth: 20 })).not.toMatch(LEAK);
    expect(logger.text).not.toMatch(LEAK);
  });

  it('tell that a form of the options is missing', () => {
    const none = {} as { useFactory: () => SendGridSmtpOptions };

    expect(() => SendGridSmtpModule.forRootAsync(none)).toThrow(
      /needs one of `useFactory`, `useClass` and `useExisting`/,
    );
  });

  it.each<[string, unknown, RegExp]>([
    ['nothing', undefined, /got undefined/],
    ['a promise', Promise.resolve({}), /got a promise: await it/],
  ])('tell that forRoot was given %s', async (_, options, text) => {
    const error = await failureOf(
      SendGridSmtpModule.forRoot(options as SendGridSmtpOptions),
    );

    expect(inspect(error)).toMatch(text);
  });

  it('tell that the key is missing', async () => {
    const error = await failureOf(
      SendGridSmtpModule.forRoot({ apiKey: process.env['NO_SUCH_KEY'] }),
    );

    expect(inspect(error)).toContain('`apiKey`');
  });
});
