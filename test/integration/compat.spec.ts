import {
  Injectable,
  Module,
  type INestApplicationContext,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  InvalidOptionsError,
  MailService,
  SendGridSmtpModule,
} from 'nestjs-sendgrid-smtp';
import {
  MailerBatchService,
  MailerModule,
  MailerService,
  type MailerOptions,
  type MailerOptionsFactory,
  type TemplateAdapter,
} from 'nestjs-sendgrid-smtp/compat';
import {
  capturedMail,
  FakeSendGrid,
  overrideMail,
} from 'nestjs-sendgrid-smtp/testing';
import {
  AppModule,
  exercise,
  MailSettings,
} from '../consumers/from-nest-mailer/src/app.module.js';
import { API_KEY, LEAK } from './support/options.js';
import { recordLogs } from './support/recording-logger.js';

const logger = recordLogs();
const TEMPLATES = join(
  import.meta.dirname,
  '../consumers/from-nest-mailer/templates',
);

/** As an application would write one to the documented interface. */
const adapter: TemplateAdapter = {
  compile({ data }, callback, { template }) {
    data['html'] =
      `<p>${String(data['template'])} of ${String(template?.dir === TEMPLATES)}: ${JSON.stringify(data['context'])}</p>`;
    callback();
  },
};

let relay: FakeSendGrid;
let app: INestApplicationContext | undefined;

beforeAll(async () => {
  relay = await FakeSendGrid.start();
});
afterEach(async () => {
  await app?.close();
  app = undefined;
  relay.clear();
});
afterAll(() => relay.stop());

function smtp(overrides: object = {}): object {
  const { host, port, ca, options } = relay;
  const auth = { user: 'apikey', pass: options.apiKey };
  return { host, port, tls: { ca }, auth, ...overrides };
}

async function start(options: MailerOptions): Promise<MailerService> {
  const context = await NestFactory.createApplicationContext(
    MailerModule.forRoot(options),
    { logger, abortOnError: false },
  );
  app = context;
  return context.get(MailerService);
}

async function refusal(options: MailerOptions): Promise<string[]> {
  const error: unknown = await start(options).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof InvalidOptionsError)) throw error;
  expect(inspect(error)).not.toMatch(LEAK);
  return error.problems.map(({ option }) => option);
}

const HELLO = {
  from: 'hello@shop.example',
  to: 'ada@example.com',
  subject: 'Hello',
  text: 'Hi',
};
const CAPTURE = { transport: { jsonTransport: true } } as const;

describe('an application of @nestjs-modules/mailer', () => {
  it('runs over the relay with no change but its imports', async () => {
    const settings = new MailSettings(smtp(), smtp({ pool: true }), {
      dir: TEMPLATES,
      adapter,
    });
    const context = await NestFactory.createApplicationContext(
      AppModule.with(settings),
      { logger },
    );
    app = context;

    const told = await exercise(context);

    expect(told).toEqual([
      expect.arrayContaining(['test@nestjs.com', 'blind@nestjs.com']),
      { sent: 2, failed: 0 },
      'refused',
    ]);
    const [ada, bruno, chloe, plain, news] = relay.messages;
    expect(ada).toMatchObject({
      from: { name: 'No Reply', address: 'noreply@shop.example' },
      subject: 'Welcome, Ada',
      text: expect.stringContaining('Welcome Ada, your code: cf1a3f828287'),
    });
    expect(ada?.html).toContain('en/welcome of true: {"name":"Ada"');
    expect(bruno?.html).toContain('de/welcome');
    expect(chloe?.html).toContain('en/welcome');
    expect(plain?.envelope.to).toHaveLength(4);
    expect(news).toMatchObject({
      subject: 'News of May',
      html: '<p>May</p>\n',
    });
  });

  it('is tested with overrideMail, named transports included', async () => {
    const settings = new MailSettings(smtp({ port: 1 }), smtp({ port: 1 }), {
      dir: TEMPLATES,
      adapter,
    });
    const builder = Test.createTestingModule({
      imports: [AppModule.with(settings)],
    });
    const mail = overrideMail(builder);
    const module = await builder.compile();
    app = module;
    await module.init();

    await exercise(module);

    expect(mail.sent()).toHaveLength(6);
    expect(mail.lastTo('x@a.example')?.tenant).toBe('news');
    expect(relay.messages).toEqual([]);
  });
});

describe('sendMail', () => {
  it('resolves with what nodemailer resolves with, and what SendGrid said', async () => {
    const mailer = await start({ transport: smtp() });

    const sent = await mailer.sendMail(HELLO);

    expect(sent).toMatchObject({
      accepted: ['ada@example.com'],
      rejected: [],
      envelope: { from: 'hello@shop.example', to: ['ada@example.com'] },
      response: expect.stringMatching(/^250 Ok: queued as /),
      sendGridId: relay.messages[0]?.id,
    });
  });

  it('takes a connection URL', async () => {
    const { apiKey } = relay.options;
    const none = await FakeSendGrid.start({ apiKey, security: 'none' });
    const mailer = await start({
      transport: `smtp://apikey:${apiKey}@127.0.0.1:${none.port}?ignoreTLS=true&maxConnections=2`,
    });

    await mailer.sendMail(HELLO);

    expect(none.messages).toHaveLength(1);
    await none.stop();
  });

  it('escapes what it puts into html, and leaves unknown names', async () => {
    const mailer = await start(CAPTURE);

    await mailer.sendMail({
      ...HELLO,
      subject: '{{name}} {{constructor}}',
      html: '<p>{{ name }} {{other}}</p>',
      context: { name: '<i>Ann</i>' },
    });

    const [mail] = captured();
    expect(mail?.html).toBe('<p>&lt;i&gt;Ann&lt;/i&gt; {{other}}</p>');
    expect(mail?.subject).toBe('<i>Ann</i> {{constructor}}');
  });

  it('sends text without a template though an adapter is set', async () => {
    const mailer = await start({ ...CAPTURE, template: { adapter } });

    await mailer.sendMail(HELLO);

    expect(captured()[0]).toMatchObject({ text: 'Hi', html: undefined });
  });

  it('uses a resolver, and its subject for messages without one', async () => {
    const resolver = {
      resolve: (name: string) =>
        Promise.resolve({
          content: `<b>${name}</b>`,
          metadata: { subject: 'S' },
        }),
    };
    const mailer = await start({ ...CAPTURE, template: { resolver } });

    await mailer.sendMail({ ...HELLO, subject: undefined, template: 'a' });
    await mailer.sendMail({ ...HELLO, template: 'b' });

    expect(captured().map(({ subject, html }) => [subject, html])).toEqual([
      ['S', '<b>a</b>'],
      ['Hello', '<b>b</b>'],
    ]);
  });

  it.each<[string, TemplateAdapter['compile']]>([
    [
      'calls back and then throws',
      (_mail, callback) => {
        callback(new Error('ENOENT welcome.hbs'));
        throw new TypeError('Cannot destructure');
      },
    ],
    [
      'throws',
      () => {
        throw new Error('ENOENT welcome.hbs');
      },
    ],
    ['rejects', () => Promise.reject(new Error('ENOENT welcome.hbs'))],
  ])('fails once when an adapter %s', async (_how, compile) => {
    const mailer = await start({
      ...CAPTURE,
      template: { adapter: { compile } },
    });

    const sent = mailer.sendMail({ ...HELLO, template: 'welcome' });

    await expect(sent).rejects.toMatchObject({
      code: 'INVALID_MESSAGE',
      message:
        'The template "welcome" could not be rendered: ENOENT welcome.hbs',
    });
    expect(captured()).toEqual([]);
  });

  it('refuses a template that nothing renders', async () => {
    const mailer = await start(CAPTURE);

    await expect(
      mailer.sendMail({ ...HELLO, template: 'welcome' }),
    ).rejects.toThrow(/template\.adapter/);
  });

  it('gives up after `timeout`, and after `sendTimeout`', async () => {
    relay.fail('mail', 'stall', { times: 2 });
    const mailer = await start({ transport: smtp(), sendTimeout: 50 });

    await expect(mailer.sendMail(HELLO)).rejects.toMatchObject({
      code: 'TIMED_OUT',
    });
    await expect(
      mailer.sendMail({ ...HELLO, timeout: 60 }),
    ).rejects.toMatchObject({ code: 'TIMED_OUT' });
    relay.release();
  });

  it('sends through an instance of SendGridSmtpModule by its name', async () => {
    const context = await NestFactory.createApplicationContext(
      rootOf([
        MailerModule.forRoot(CAPTURE),
        SendGridSmtpModule.forRoot({ name: 'alerts', mode: 'capture' }),
      ]),
      { logger },
    );
    app = context;

    await context
      .get(MailerService)
      .sendMail({ ...HELLO, transporterName: 'alerts' });

    expect(capturedMail(context, 'alerts').sent()).toHaveLength(1);
    expect(capturedMail(context).sent()).toEqual([]);
  });
});

describe('sendBatch', () => {
  it('tells of each message, and goes on', async () => {
    await start(CAPTURE);

    const batch = await started()
      .get(MailerBatchService)
      .sendBatch({ messages: [HELLO, { ...HELLO, to: [] }, HELLO] });

    expect(batch).toMatchObject({
      total: 3,
      sent: 2,
      failed: 1,
      results: [
        { index: 0, success: true, result: { accepted: ['ada@example.com'] } },
        { index: 1, success: false, error: { code: 'INVALID_MESSAGE' } },
        { index: 2, success: true },
      ],
    });
  });

  it('starts no more after the first that fails, if it is to stop', async () => {
    await start(CAPTURE);

    const { sent, failed, results } = await started()
      .get(MailerBatchService)
      .sendBatch({
        messages: [HELLO, { ...HELLO, to: [] }, HELLO],
        concurrency: 1,
        stopOnError: true,
      });

    expect([sent, failed]).toEqual([1, 2]);
    expect(results[2]?.error?.message).toMatch(/^Not tried/);
    expect(captured()).toHaveLength(1);
  });
});

describe('transports', () => {
  it('are added, verified and removed', async () => {
    const mailer = await start({ transport: smtp() });
    expect(mailer.addTransporter('news', smtp())).toBe('news');
    await mailer.sendMail({ ...HELLO, transporterName: 'news' });

    await expect(mailer.verifyAllTransporters()).resolves.toBe(true);
    await expect(mailer.getTransporter('news').verify()).resolves.toBe(true);
    mailer.addTransporter(
      'bad',
      smtp({ auth: { user: 'apikey', pass: API_KEY } }),
    );
    await expect(mailer.verifyAllTransporters()).resolves.toBe(false);

    expect(mailer.removeTransporter('news')).toBe(true);
    expect(mailer.removeTransporter('news')).toBe(false);
    expect(() => mailer.getTransporter('news')).toThrow(/`transporterName`/);
  });

  it('can all be named', async () => {
    const mailer = await start({ transports: { a: smtp(), b: smtp() } });

    await mailer.sendMail({ ...HELLO, transporterName: 'b' });

    await expect(mailer.sendMail(HELLO)).rejects.toThrow(/they are a, b/);
    await expect(mailer.verifyAllTransporters()).resolves.toBe(true);
  });

  it('share a relay', async () => {
    const options = await refusal({
      transport: smtp(),
      transports: { a: smtp({ port: 2525 }) },
    });

    expect(options).toEqual(['transports.a.port']);
  });

  it('differ in the region', async () => {
    const relays = (host: string): object => ({
      host,
      auth: { user: 'apikey', pass: API_KEY },
    });
    const mailer = await start({
      transport: relays('smtp.sendgrid.net'),
      transports: { eu: relays('smtp.eu.sendgrid.net') },
    });

    expect(mailer.getTransporter('eu')).toBeDefined();
  });
});

describe('options', () => {
  it.each<[string, MailerOptions, string[]]>([
    ['no transport', {}, ['transport']],
    [
      'an unset key',
      { transport: { auth: { user: 'apikey' } } },
      ['transport.auth.pass'],
    ],
    [
      'another user',
      { transport: { auth: { user: 'me@shop.example', pass: API_KEY } } },
      ['transport.auth'],
    ],
    [
      'switched off checks',
      {
        transport: {
          auth: { user: 'apikey', pass: API_KEY },
          tls: { rejectUnauthorized: false },
        },
      },
      ['transport.tls.rejectUnauthorized'],
    ],
    [
      'no TLS',
      {
        transport: {
          host: 'smtp.sendgrid.net',
          ignoreTLS: true,
          auth: { user: 'apikey', pass: API_KEY },
        },
      },
      ['transport.ignoreTLS'],
    ],
    [
      'numbers out of range',
      {
        transport: {
          port: 70_000,
          maxConnections: 0,
          auth: { user: 'apikey', pass: `${API_KEY}\n` },
        },
      },
      ['transport.auth.pass', 'transport.port', 'transport.maxConnections'],
    ],
    ['a broken URL', { transport: 'nonsense' }, ['transport.auth.pass']],
    [
      'what has no meaning',
      {
        transport: {
          service: 'Gmail',
          proxy: 'http://proxy.example',
          auth: { user: 'apikey', pass: API_KEY },
        },
      },
      ['transport.proxy', 'transport.service'],
    ],
  ])(
    'refuse %s by the name the application gave it',
    async (_, options, names) => {
      expect(await refusal(options)).toEqual(names);
    },
  );

  it('may be this package’s own', async () => {
    const mailer = await start({
      transport: {
        ...relay.options,
        guards: { total: { messages: 1, perMs: 60_000, onExceeded: 'reject' } },
      },
      defaults: { from: 'own@shop.example' },
    });

    await mailer.sendMail({ ...HELLO, from: undefined });

    await expect(mailer.sendMail(HELLO)).rejects.toMatchObject({
      code: 'GUARD',
    });
  });

  it('may have tenants of their own beside the transports', async () => {
    const { apiKey } = relay.options;
    await start({
      transport: { ...relay.options, tenants: () => ({ apiKey }) },
      transports: { news: smtp({ auth: { user: 'apikey', pass: API_KEY } }) },
    });

    await service().forTenant('acme').send(HELLO);

    expect(relay.messages).toHaveLength(1);
    await expect(
      started()
        .get(MailerService)
        .sendMail({ ...HELLO, transporterName: 'news', timeout: 300 }),
    ).rejects.toMatchObject({ deliveryState: 'not-sent' });
  });

  it.each(['useFactory', 'useClass', 'useExisting'] as const)(
    'are made by %s',
    async (form) => {
      @Injectable()
      class Factory implements MailerOptionsFactory {
        createMailerOptions(): MailerOptions {
          return { ...CAPTURE, defaults: { from: `${form}@shop.example` } };
        }
      }
      const ways = {
        useFactory: {
          inject: [Factory],
          useFactory: (factory: Factory) => factory.createMailerOptions(),
          extraProviders: [Factory],
        },
        useClass: { useClass: Factory },
        useExisting: { useExisting: Factory, extraProviders: [Factory] },
      };
      app = await NestFactory.createApplicationContext(
        MailerModule.forRootAsync(ways[form]),
        { logger },
      );

      await started()
        .get(MailerService)
        .sendMail({ ...HELLO, from: undefined });

      expect(captured()[0]?.envelope.from).toBe(`${form}@shop.example`);
    },
  );

  it('fail the bootstrap without the key when their factory throws', async () => {
    const failing = NestFactory.createApplicationContext(
      MailerModule.forRootAsync({
        useFactory: () => {
          throw new Error(`No vault for ${API_KEY}`);
        },
      }),
      { logger, abortOnError: false },
    );

    await expect(failing).rejects.toThrow(
      '`useFactory` made no options: Error: No vault for [redacted]',
    );
    expect(logger.text).not.toMatch(LEAK);
  });

  it('need one form', () => {
    expect(() => MailerModule.forRootAsync({})).toThrow(
      /`useFactory`, `useClass`/,
    );
  });

  it('are not shown by printing the application', async () => {
    await start({
      transport: smtp({ auth: { user: 'apikey', pass: API_KEY } }),
    });

    expect(inspect(app, { depth: 20 })).not.toMatch(LEAK);
  });

  it('tell that there is no preview', async () => {
    await start({ ...CAPTURE, preview: true });

    expect(logger.text).toContain('`preview` of MailerModule is not supported');
  });

  it('are given once', async () => {
    const twice = NestFactory.createApplicationContext(
      rootOf([
        MailerModule.forRoot(CAPTURE),
        MailerModule.forRoot({ ...CAPTURE, sendTimeout: 1 }),
      ]),
      { logger, abortOnError: false },
    );

    await expect(twice).rejects.toThrow(/'default' is the name of 2 instances/);
  });

  it('give MailService too', async () => {
    await start({
      transport: smtp(),
      defaults: { from: 'hello@shop.example' },
    });

    await service().send({ to: 'ada@example.com', subject: 'Hi', text: 'Hi' });

    expect(relay.messages).toHaveLength(1);
  });
});

function rootOf(
  imports: NonNullable<Parameters<typeof Module>[0]['imports']>,
): new () => object {
  @Module({ imports })
  class Root {}
  return Root;
}

function started(): INestApplicationContext {
  if (app === undefined) throw new Error('It is not started yet');
  return app;
}

function service(): MailService {
  return started().get(MailService);
}

function captured(): ReturnType<ReturnType<typeof capturedMail>['sent']> {
  return capturedMail(started()).sent();
}
