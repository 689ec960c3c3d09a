import {
  Controller,
  Get,
  HttpException,
  Module,
  NotFoundException,
  Param,
  Res,
  type ArgumentsHost,
  type INestApplication,
} from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import type { ServerResponse } from 'node:http';
import { lastValueFrom, type Observable } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  InvalidOptionsError,
  MailError,
  MailExceptionFilter,
} from 'nestjs-sendgrid-smtp';
import { API_KEY, LEAK } from './support/options.js';
import { createApp, PLATFORMS } from './support/platforms.js';
import { recordLogs } from './support/recording-logger.js';

const UNAVAILABLE = {
  statusCode: 503,
  error: 'Service Unavailable',
  code: 'RELAY_UNAVAILABLE',
  message: 'Mail cannot be sent at the moment. Try again later.',
};

const SECRET_TEXT = 'The account of shop@example.com has no credits left';

const ERRORS: Record<string, { error: Error; body: object }> = {
  account: {
    error: new MailError('ACCOUNT', SECRET_TEXT, {
      scope: 'account',
      reply: { code: 535, text: SECRET_TEXT },
    }),
    body: UNAVAILABLE,
  },
  sender: {
    error: new MailError('SENDER', SECRET_TEXT, { scope: 'sender' }),
    body: UNAVAILABLE,
  },
  'a refusal for the account’s sake': {
    error: new MailError('REJECTED', SECRET_TEXT, { scope: 'account' }),
    body: UNAVAILABLE,
  },
  options: {
    error: new InvalidOptionsError([{ option: 'x', problem: SECRET_TEXT }]),
    body: UNAVAILABLE,
  },
  relay: {
    error: new MailError('RELAY_UNAVAILABLE', 'ECONNREFUSED 10.0.0.7:587', {
      scope: 'connection',
    }),
    body: UNAVAILABLE,
  },
  'a broken template': {
    error: new MailError('TEMPLATE', `The template /srv/x.hbs: ${SECRET_TEXT}`),
    body: {
      statusCode: 500,
      error: 'Internal Server Error',
      code: 'TEMPLATE',
      message: 'The mail could not be written.',
    },
  },
  'a template that cannot be loaded for now': {
    error: new MailError('TEMPLATE', SECRET_TEXT, { retryable: true }),
    body: UNAVAILABLE,
  },
  'a temporary refusal': {
    error: new MailError('REJECTED', 'Later', { retryable: true }),
    body: UNAVAILABLE,
  },
  'a final refusal': {
    error: new MailError('REJECTED', SECRET_TEXT, { scope: 'recipient' }),
    body: {
      statusCode: 422,
      error: 'Unprocessable Entity',
      code: 'REJECTED',
      message: 'The mail was refused by the mail server.',
    },
  },
  message: {
    error: new MailError('INVALID_MESSAGE', 'The message has no recipient.'),
    body: {
      statusCode: 400,
      error: 'Bad Request',
      code: 'INVALID_MESSAGE',
      message: 'The message has no recipient.',
    },
  },
  'content that cannot be fetched for now': {
    error: new MailError('INVALID_MESSAGE', SECRET_TEXT, { retryable: true }),
    body: UNAVAILABLE,
  },
  guard: {
    error: new MailError('GUARD', SECRET_TEXT, { scope: 'recipient' }),
    body: {
      statusCode: 503,
      code: 'GUARD',
      message: 'Too much mail is being sent. Try again later.',
    },
  },
  queue: {
    error: new MailError('QUEUE_FULL', 'The queue holds 5 messages.'),
    body: { statusCode: 503, code: 'QUEUE_FULL' },
  },
  shutdown: {
    error: new MailError('SHUT_DOWN', 'Shut down.'),
    body: { statusCode: 503, code: 'SHUT_DOWN' },
  },
  abort: {
    error: new MailError('ABORTED', 'Aborted.'),
    body: { statusCode: 503, code: 'ABORTED' },
  },
  timeout: {
    error: new MailError('TIMED_OUT', 'Timed out.'),
    body: { statusCode: 504, error: 'Gateway Timeout', code: 'TIMED_OUT' },
  },
  expiry: {
    error: new MailError('EXPIRED', 'Expired.'),
    body: { statusCode: 504, code: 'EXPIRED' },
  },
  unknown: {
    error: new MailError('OUTCOME_UNKNOWN', 'Lost.'),
    body: { statusCode: 504, code: 'OUTCOME_UNKNOWN' },
  },
};

const OTHERS: Record<string, { error: Error; body: object }> = {
  'an HTTP exception': {
    error: new NotFoundException('No such page'),
    body: { statusCode: 404, message: 'No such page' },
  },
  'any other error': {
    error: new Error('Something private'),
    body: { statusCode: 500, message: 'Internal server error' },
  },
};

/** Where Express and Fastify keep Node's response. */
type AnyResponse = ServerResponse & { raw?: ServerResponse };

@Controller()
class FailingController {
  @Get('late/failure')
  failLate(@Res() response: AnyResponse): never {
    (response.raw ?? response).write('The beginning');
    throw new MailError('TIMED_OUT', 'Timed out.');
  }

  @Get(':kind')
  fail(@Param('kind') kind: string): never {
    throw { ...ERRORS, ...OTHERS }[kind]?.error ?? new Error('Unknown kind');
  }
}

@Module({ controllers: [FailingController] })
class AppModule {}

const logger = recordLogs();

describe.each(PLATFORMS)('MailExceptionFilter on $platform', ({ adapter }) => {
  let app: INestApplication;

  beforeEach(async () => {
    app = await createApp({ imports: [AppModule] }, adapter());
    app.useLogger(logger);
    app.useGlobalFilters(new MailExceptionFilter());
    await app.listen(0, '127.0.0.1');
  });

  afterEach(() => app.close());

  const get = async (kind: string): Promise<Response> =>
    fetch(`${await app.getUrl()}/${encodeURIComponent(kind)}`);

  it.each(Object.entries(ERRORS))('answers %s', async (kind, { body }) => {
    const response = await get(kind);

    const answered: unknown = await response.json();
    expect(answered).toMatchObject(body);
    expect(Object.keys(Object(answered)).toSorted()).toEqual([
      'code',
      'error',
      'message',
      'statusCode',
    ]);
    expect(answered).toHaveProperty('statusCode', response.status);
    expect(JSON.stringify(answered)).not.toContain('credits');
    expect(response.headers.get('retry-after')).toBe(
      response.status === 503 ? '30' : null,
    );
  });

  it.each(Object.entries(OTHERS))('leaves %s alone', async (kind, { body }) => {
    const response = await get(kind);

    expect(await response.json()).toMatchObject(body);
  });

  it('ends a response that has begun', async () => {
    const response = await fetch(`${await app.getUrl()}/late/failure`);

    expect(response.status).toBe(200);
    expect(await response.text()).toBe('The beginning');
  });

  it('logs what the caller is not told, without addresses', async () => {
    await get('account');

    expect(logger.ours).toEqual([
      'error ACCOUNT: The account of ***@example.com has no credits left SendGridSmtpModule',
    ]);
  });

  it('warns of refusals and of messages that cannot be sent', async () => {
    await get('message');

    expect(logger.ours).toEqual([
      'warn INVALID_MESSAGE: The message has no recipient. SendGridSmtpModule',
    ]);
  });
});

describe('MailExceptionFilter', () => {
  it('works as a provider of the application', async () => {
    const [{ adapter }] = PLATFORMS as [(typeof PLATFORMS)[number]];
    const app = await createApp(
      {
        imports: [AppModule],
        providers: [{ provide: APP_FILTER, useClass: MailExceptionFilter }],
      },
      adapter(),
    );
    await app.listen(0, '127.0.0.1');

    const response = await fetch(`${await app.getUrl()}/timeout`);

    expect(response.status).toBe(504);
    await app.close();
  });

  const filter = new MailExceptionFilter();
  const error = new MailError('ACCOUNT', `Bad key ${API_KEY}`, {
    scope: 'account',
  });

  // Of a host the filter reads its type only, outside HTTP.
  const host = (type: string): ArgumentsHost =>
    ({ getType: () => type }) as unknown as ArgumentsHost;

  it('gives an RPC context an observable that fails with the problem', async () => {
    const answered = filter.catch(error, host('rpc')) as Observable<unknown>;

    await expect(lastValueFrom(answered)).rejects.toEqual({
      status: 'error',
      ...UNAVAILABLE,
    });
    expect(logger.text).not.toMatch(LEAK);
  });

  it('gives a GraphQL context an error with the problem as extensions', () => {
    const answered = filter.catch(error, host('graphql'));

    expect(answered).toBeInstanceOf(HttpException);
    expect(answered).toMatchObject({
      message: UNAVAILABLE.message,
      status: 503,
      response: UNAVAILABLE,
      extensions: { code: 'RELAY_UNAVAILABLE', statusCode: 503 },
    });
  });
});
