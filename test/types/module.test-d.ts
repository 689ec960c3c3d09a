import { Injectable, Module, type DynamicModule } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { assertType, describe, it } from 'vitest';
import {
  InjectMailService,
  MailService,
  SendGridSmtpModule,
  SendGridTransport,
  type SendGridSmtpOptions,
  type SendGridSmtpOptionsFactory,
} from 'nestjs-sendgrid-smtp';
import { overrideMail, type MailCapture } from 'nestjs-sendgrid-smtp/testing';

class Factory implements SendGridSmtpOptionsFactory {
  createSendGridSmtpOptions(): SendGridSmtpOptions {
    return { mode: 'discard' };
  }
}

class Config {
  readonly key: string = '';
}

declare const compiled: TestingModule;

const forRoot: typeof SendGridSmtpModule.forRoot = (options) =>
  SendGridSmtpModule.forRoot(options);
const forRootAsync: typeof SendGridSmtpModule.forRootAsync = (options) =>
  SendGridSmtpModule.forRootAsync(options);

describe('SendGridSmtpModule', () => {
  it('takes each form of its options', () => {
    assertType<DynamicModule>(forRoot({ apiKey: undefined, name: 'x' }));
    assertType<DynamicModule>(forRoot({ mode: 'capture', isGlobal: false }));
    assertType(forRoot({ apiKey: () => 'x' }));
    assertType(forRoot({ apiKey: async () => 'x' }));
    assertType(
      forRoot({
        tenants: (id) => ({ apiKey: id, defaults: { replyTo: null } }),
        maxTenants: 5,
      }),
    );
    assertType(forRootAsync({ useClass: Factory }));
    assertType(forRootAsync({ useExisting: Factory, imports: [] }));
    assertType(
      forRootAsync({
        inject: [Config],
        useFactory: ({ key }: Config) => ({ apiKey: key }),
      }),
    );
    assertType(forRootAsync({ useFactory: async () => ({ mode: 'capture' }) }));
  });

  it('refuses misuse', () => {
    // @ts-expect-error -- a misspelt option
    assertType(forRoot({ apikey: 'x' }));
    // @ts-expect-error -- a tenant's options are given at once
    assertType(forRoot({ tenants: async () => ({ apiKey: 'x' }) }));
    // @ts-expect-error -- tenants share the instance's queue bounds
    assertType(forRoot({ tenants: () => ({ queue: {} }) }));
    // @ts-expect-error -- no such mode
    assertType(forRoot({ mode: 'test' }));
    // @ts-expect-error -- a default recipient would get every mail
    assertType(forRoot({ defaults: { to: 'a@b.c' } }));
    // @ts-expect-error -- one of useFactory, useClass, useExisting
    assertType(forRootAsync({}));
    // @ts-expect-error -- only one of them
    assertType(forRootAsync({ useClass: Factory, useFactory: () => ({}) }));
    // @ts-expect-error -- only a factory is injected into
    assertType(forRootAsync({ useClass: Factory, inject: [Config] }));
    // @ts-expect-error -- makes no options
    assertType(forRootAsync({ useClass: Config }));
    // @ts-expect-error -- makes no options
    assertType(forRootAsync({ useFactory: () => 'key' }));
  });

  it('is injected by class and by name', () => {
    @Injectable()
    class Notifier {
      @InjectMailService()
      readonly property?: MailService;

      constructor(
        readonly mail: MailService,
        @InjectMailService('alerts') readonly alerts: MailService,
      ) {}
    }

    assertType<ClassDecorator>(Module({ providers: [Notifier] }));
  });
});

describe('SendGridTransport', () => {
  it('leaves to nodemailer what nodemailer does', () => {
    // @ts-expect-error -- the second argument of createTransport
    assertType(new SendGridTransport({ defaults: { from: 'a@b.c' } }));
    // @ts-expect-error -- mailer.use
    assertType(new SendGridTransport({ plugins: [] }));
  });
});

describe('overrideMail', () => {
  it('takes Nest’s builder', () => {
    const builder = Test.createTestingModule({});

    assertType<MailCapture>(overrideMail(builder, 'alerts'));
  });

  it('refuses a module that is compiled', () => {
    // @ts-expect-error -- too late to override
    assertType(overrideMail(compiled));
  });
});
