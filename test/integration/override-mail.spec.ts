import { Injectable, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  InjectMailService,
  MailError,
  MailService,
  SendGridSmtpModule,
  type SendGridSmtpOptions,
  type SendGridSmtpOptionsFactory,
} from 'nestjs-sendgrid-smtp';
import {
  capturedMail,
  overrideMail,
  SENDGRID_REPLIES,
} from 'nestjs-sendgrid-smtp/testing';
import { createTemplates } from 'nestjs-sendgrid-smtp/templates';
import { CAPTURE, MESSAGE } from './support/options.js';

const factory = vi.fn<() => SendGridSmtpOptions>(() => {
  throw new Error('The factory was called');
});

@Injectable()
class OptionsFactory implements SendGridSmtpOptionsFactory {
  constructor() {
    factory();
  }

  createSendGridSmtpOptions(): SendGridSmtpOptions {
    return factory();
  }
}

@Injectable()
class Notifier {
  constructor(
    readonly mail: MailService,
    @InjectMailService('alerts') readonly alerts: MailService,
  ) {}
}

@Module({
  imports: [
    SendGridSmtpModule.forRootAsync({ useFactory: factory }),
    SendGridSmtpModule.forRootAsync({
      name: 'alerts',
      useClass: OptionsFactory,
    }),
  ],
  providers: [Notifier],
})
class AppModule {}

let module: TestingModule;

afterEach(() => module.close());

/** Sockets, servers, look-ups and timers that keep the process alive. */
function openResources(): string[] {
  const kinds = /TCP|TLS|Timeout|GetAddrInfo/;
  const all = process.getActiveResourcesInfo();
  return all.filter((kind) => kinds.test(kind)).toSorted();
}

/** What there is more of than before; the test runner's own may have ended. */
function beyond(before: readonly string[], now: readonly string[]): string[] {
  const left = [...before];
  return now.filter((one) => {
    const at = left.indexOf(one);
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}

describe('overrideMail', () => {
  it('opens nothing and leaves nothing open', async () => {
    const before = openResources();
    const builder = Test.createTestingModule({ imports: [AppModule] });
    const mail = overrideMail(builder);
    overrideMail(builder, 'alerts');
    module = await builder.compile();
    await module.init();
    await module.get(MailService).send(MESSAGE);

    expect(mail.sent()).toHaveLength(1);
    expect(beyond(before, openResources())).toEqual([]);
  });

  it('keeps the mail of each instance without making its options', async () => {
    const builder = Test.createTestingModule({ imports: [AppModule] });
    const mail = overrideMail(builder);
    const alerts = overrideMail(builder, 'alerts');
    module = await builder.compile();
    await module.init();
    const notifier = module.get(Notifier);

    await notifier.mail.send(MESSAGE);
    await notifier.alerts.send({ ...MESSAGE, subject: 'Alert' });
    await notifier.alerts.send({ ...MESSAGE, subject: 'Again' });

    expect(factory).not.toHaveBeenCalled();
    expect(mail.sent().map(({ subject }) => subject)).toEqual(['Hello']);
    expect(alerts.lastTo('Ada@Example.net')?.subject).toBe('Again');
    expect(alerts.lastTo('eve@example.net')).toBeUndefined();
    expect(alerts.lastTo('ada@example.net')).toMatchObject({
      envelope: { from: 'tests@example.com', to: ['ada@example.net'] },
      text: 'Hi Ada',
      html: undefined,
    });
  });

  it('replaces the options of forRoot', async () => {
    const builder = Test.createTestingModule({
      imports: [SendGridSmtpModule.forRoot({ apiKey: 'not a key' })],
    });
    const mail = overrideMail(builder, 'default', {
      defaults: { from: 'own@example.com' },
    });
    module = await builder.compile();
    await module.init();

    await module.get(MailService).send(MESSAGE);

    expect(mail.sent()[0]?.envelope.from).toBe('own@example.com');
    expect(capturedMail(module).sent()).toEqual(mail.sent());
  });

  it('refuses what the relay’s module would refuse', async () => {
    const builder = Test.createTestingModule({
      imports: [SendGridSmtpModule.forRoot({ apiKey: 'not a key' })],
    });
    const mail = overrideMail(builder);
    module = await builder.compile();

    const sent = module.get(MailService).send({ subject: 'To nobody' });

    await expect(sent).rejects.toMatchObject({ code: 'INVALID_MESSAGE' });
    expect(mail.sent()).toEqual([]);
  });

  it('refuses options that the module would refuse', () => {
    const builder = Test.createTestingModule({});

    expect(() =>
      overrideMail(builder, 'default', { queue: { maxMessages: 0 } }),
    ).toThrow(/`queue\.maxMessages`/);
  });
});

describe('failNext', () => {
  async function start(): Promise<
    [MailService, ReturnType<typeof overrideMail>]
  > {
    const builder = Test.createTestingModule({
      imports: [SendGridSmtpModule.forRoot(CAPTURE)],
    });
    const handle = overrideMail(builder);
    module = await builder.compile();
    return [module.get(MailService), handle];
  }

  it('fails the next send only, and keeps nothing of it', async () => {
    const [mail, handle] = await start();
    handle.failNext('550 5.1.1 No such user');

    await expect(mail.send(MESSAGE)).rejects.toMatchObject({
      code: 'REJECTED',
      retryable: false,
      deliveryState: 'not-sent',
      reply: { code: 550, text: '5.1.1 No such user' },
      responseCode: 550,
    });
    await expect(mail.send(MESSAGE)).resolves.toBeDefined();
    expect(handle.sent()).toHaveLength(1);
    expect(mail.stats().totals).toMatchObject({ rejected: 1, accepted: 1 });
  });

  it.each([
    ['a reply in parts', { code: 451, text: 'Later' }, 'REJECTED', 'rejected'],
    [
      'a MailError',
      new MailError('OUTCOME_UNKNOWN', 'Lost', { deliveryState: 'unknown' }),
      'OUTCOME_UNKNOWN',
      'unknown',
    ],
    ['another error', new Error('reset'), 'RELAY_UNAVAILABLE', 'notSent'],
    ['a refused sender', SENDGRID_REPLIES.senderIdentity, 'SENDER', 'rejected'],
    ['a refused key', new MailError('ACCOUNT', 'Bad'), 'ACCOUNT', 'notSent'],
  ])('takes %s', async (_, failure, code, total) => {
    const [mail, handle] = await start();
    handle.failNext(failure);

    await expect(mail.send(MESSAGE)).rejects.toMatchObject({ code });
    expect(mail.stats().totals).toMatchObject({ [total]: 1, pending: 0 });
  });

  it('says that a reply is no refusal', async () => {
    const [, handle] = await start();

    expect(() => handle.failNext('250 Ok')).toThrow(
      /"250 Ok" is not a refusal/,
    );
  });

  it('is forgotten by clear, with the mail kept', async () => {
    const [mail, handle] = await start();
    await mail.send(MESSAGE);
    handle.failNext('550 No');

    handle.clear();

    await expect(mail.send(MESSAGE)).resolves.toBeDefined();
    expect(handle.sent()).toHaveLength(1);
  });
});

describe('a message that names a template', () => {
  const WELCOME = { ...MESSAGE, subject: undefined, text: undefined };
  const message = { ...WELCOME, template: 'welcome', context: { name: 'Ada' } };

  async function send(
    options: Parameters<typeof overrideMail>[2],
  ): Promise<unknown> {
    const builder = Test.createTestingModule({ imports: [AppModule] });
    const handle = overrideMail(builder, 'default', options);
    overrideMail(builder, 'alerts');
    module = await builder.compile();
    await module.get(MailService).send(message);
    return handle.sent()[0];
  }

  it('shows which, and what from, without the templates', async () => {
    expect(await send({})).toMatchObject({
      template: 'welcome',
      context: { name: 'Ada' },
      subject: 'welcome',
      text: 'welcome',
    });
  });

  it('is rendered by those that the test gives', async () => {
    const templates = createTemplates({
      resolver: {
        resolve: () => ({ text: { source: 'Hi {{name}}', engine: 'hbs' } }),
      },
    });

    expect(await send({ templates })).toMatchObject({
      template: 'welcome',
      text: 'Hi Ada',
      subject: undefined,
    });
  });
});
