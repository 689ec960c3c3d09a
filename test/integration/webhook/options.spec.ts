import type { DynamicModule, INestApplication } from '@nestjs/common';
import { HttpAdapterHost, NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { Test } from '@nestjs/testing';
import { isMailError } from 'nestjs-sendgrid-smtp';
import {
  SendGridWebhook,
  SendGridWebhookModule,
  type SendGridWebhookModuleOptions,
} from 'nestjs-sendgrid-smtp/webhook';
import { FakeSendGrid } from 'nestjs-sendgrid-smtp/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let publicKeys = '';
let relay: FakeSendGrid;

beforeAll(async () => {
  relay = await FakeSendGrid.start();
  publicKeys = relay.webhook.publicKey;
});

afterAll(() => relay.stop());

async function failureOf(
  module: DynamicModule,
  adapter = new ExpressAdapter(),
): Promise<unknown> {
  const compiled = await Test.createTestingModule({ imports: [module] })
    .compile()
    .catch((error: unknown) => error);
  if (compiled instanceof Error) return compiled;
  const app = (
    compiled as { createNestApplication(a: unknown): INestApplication }
  ).createNestApplication(adapter);
  return app.init().then(
    () => app.close(),
    (error: unknown) => error,
  );
}

async function problemsOf(options: object): Promise<string[]> {
  const given = options as SendGridWebhookModuleOptions;
  const error = await failureOf(SendGridWebhookModule.forRoot(given));
  if (!isMailError(error))
    throw new Error(`It is no MailError: ${String(error)}`);
  const [first = '', ...problems] = error.message.split('\n');
  expect(first).toBe('SendGridWebhookModule was given invalid options:');
  return problems;
}

describe('the options of the webhook', () => {
  it.each([
    ['no key', {}, '`publicKeys` is required'],
    ['an empty key', { publicKeys: '' }, '`publicKeys` is required'],
    ['an empty list', { publicKeys: [] }, '`publicKeys` is required'],
    [
      'what is no key',
      { publicKeys: ['abc'] },
      '`publicKeys` is no public key',
    ],
    ['a number', { publicKeys: 1 }, '`publicKeys` must be a text'],
  ])('refuse %s', async (_, options, problem) => {
    const problems = await problemsOf(options);

    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });

  it('are all looked at', async () => {
    const problems = await problemsOf({
      publicKeys,
      maxBodyBytes: 100_000,
      replayWindowMs: 1,
      seen: {},
      onSupressed: () => undefined,
      instances: 'default',
    });

    expect(problems.map((line) => /`(\w+)`/.exec(line)?.[1])).toEqual([
      'onSupressed',
      'maxBodyBytes',
      'replayWindowMs',
      'seen',
      'instances',
    ]);
    expect(problems[0]).toContain('did you mean `onSuppressed`?');
  });

  it.each(['', '/', 'hooks/*all', 'hooks//mail', 'hooks?a=b'])(
    'refuse the path %j, at which no post would be found',
    async (path) => {
      const problems = await problemsOf({ publicKeys, path });

      expect(problems).toHaveLength(1);
      expect(problems[0]).toContain("`path` must be a path such as 'hooks/");
    },
  );

  it('name a mail instance that is not there', async () => {
    const options = { publicKeys, instances: ['bulk'] };

    const error = await failureOf(SendGridWebhookModule.forRoot(options));

    expect(String(error)).toContain("'bulk' is no mail instance");
  });

  it('may be made at bootstrap', async () => {
    const module = SendGridWebhookModule.forRootAsync({
      path: 'hooks',
      useFactory: async () => ({
        publicKeys: await Promise.resolve(publicKeys),
      }),
    });
    const app = await Test.createTestingModule({ imports: [module] }).compile();

    expect(app.get(SendGridWebhook)).toBeInstanceOf(SendGridWebhook);
    await app.close();
  });
});

describe('the platform', () => {
  class OtherAdapter extends ExpressAdapter {
    override getType(): string {
      return 'other';
    }
  }

  it('has to be one whose bodies can be read first', async () => {
    const module = SendGridWebhookModule.forRoot({ publicKeys });

    const error = await failureOf(module, new OtherAdapter());

    expect(String(error)).toContain("cannot be served on the platform 'other'");
    expect(String(error)).toContain('rawBody: true');
  });

  it('may be any when there is no controller', async () => {
    const module = SendGridWebhookModule.forRoot({ publicKeys, path: false });

    await expect(failureOf(module, new OtherAdapter())).resolves.toBe(
      undefined,
    );
  });

  it('is not needed in an application without HTTP', async () => {
    const module = SendGridWebhookModule.forRoot({ publicKeys });
    const app = await NestFactory.createApplicationContext(module, {
      logger: false,
    });

    expect(app.get(HttpAdapterHost)).toBeDefined();
    await app.close();
  });
});
