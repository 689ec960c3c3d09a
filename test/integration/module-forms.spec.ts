import {
  Controller,
  Get,
  Inject,
  Injectable,
  Module,
  type INestApplication,
  type ModuleMetadata,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterEach, describe, expect, it } from 'vitest';
import {
  MailService,
  SendGridSmtpModule,
  type SendGridSmtpOptions,
  type SendGridSmtpOptionsFactory,
} from 'nestjs-sendgrid-smtp';
import { capturedMail } from 'nestjs-sendgrid-smtp/testing';
import { CAPTURE, MESSAGE } from './support/options.js';
import { createApp, PLATFORMS } from './support/platforms.js';

const FROM = Symbol('FROM');

@Module({
  providers: [{ provide: FROM, useValue: 'Config <config@example.com>' }],
  exports: [FROM],
})
class ConfigModule {}

@Injectable()
class OptionsFactory implements SendGridSmtpOptionsFactory {
  constructor(@Inject(FROM) private readonly from: string) {}

  createSendGridSmtpOptions(): Promise<SendGridSmtpOptions> {
    return Promise.resolve({ ...CAPTURE, defaults: { from: this.from } });
  }
}

@Module({
  imports: [ConfigModule],
  providers: [OptionsFactory],
  exports: [OptionsFactory],
})
class FactoryModule {}

@Controller('mail')
class MailController {
  constructor(private readonly mail: MailService) {}

  @Get()
  async send(): Promise<string> {
    return (await this.mail.send(MESSAGE)).response;
  }
}

// A feature module, which imports nothing.
@Module({ controllers: [MailController] })
class FeatureModule {}

const FORMS: Record<string, NonNullable<ModuleMetadata['imports']>[number]> = {
  forRoot: SendGridSmtpModule.forRoot({
    ...CAPTURE,
    defaults: { from: 'Config <config@example.com>' },
  }),
  'useFactory, imports, inject': SendGridSmtpModule.forRootAsync({
    imports: [ConfigModule],
    inject: [FROM],
    useFactory: (from: string) => ({ ...CAPTURE, defaults: { from } }),
  }),
  'useFactory, extraProviders': SendGridSmtpModule.forRootAsync({
    extraProviders: [
      { provide: FROM, useValue: 'Config <config@example.com>' },
    ],
    inject: [FROM],
    useFactory: async (from: string) => ({ ...CAPTURE, defaults: { from } }),
  }),
  'useFactory with an optional injection': SendGridSmtpModule.forRootAsync({
    inject: [{ token: FROM, optional: true }],
    useFactory: (from = 'Config <config@example.com>') => ({
      ...CAPTURE,
      defaults: { from },
    }),
  }),
  useClass: SendGridSmtpModule.forRootAsync({
    imports: [ConfigModule],
    useClass: OptionsFactory,
  }),
  useExisting: SendGridSmtpModule.forRootAsync({
    imports: [FactoryModule],
    useExisting: OptionsFactory,
  }),
};

describe.each(PLATFORMS)('SendGridSmtpModule on $platform', ({ adapter }) => {
  let app: INestApplication;

  afterEach(() => app.close());

  it.each(Object.keys(FORMS))('takes its options by %s', async (form) => {
    const imports = [FORMS[form] ?? FeatureModule, FeatureModule];
    app = await createApp({ imports }, adapter());
    await app.listen(0, '127.0.0.1');

    const response = await fetch(`${await app.getUrl()}/mail`);

    expect(await response.text()).toMatch(/^250 Ok: queued as [\w-]{22}$/);
    const [mail] = capturedMail(app).sent();
    expect(mail?.envelope).toEqual({
      from: 'config@example.com',
      to: ['ada@example.net'],
    });
  });
});

describe('SendGridSmtpModule', () => {
  it.each(Object.keys(FORMS))(
    'takes its options by %s in an application context',
    async (form) => {
      @Module({ imports: [FORMS[form] ?? FeatureModule] })
      class AppModule {}
      const app = await NestFactory.createApplicationContext(AppModule, {
        logger: false,
      });

      await app.get(MailService).send(MESSAGE);

      expect(capturedMail(app).sent()).toHaveLength(1);
      await app.close();
    },
  );

  it('serves only its importers when it is not global', async () => {
    const imports = [
      SendGridSmtpModule.forRoot({ ...CAPTURE, isGlobal: false }),
      FeatureModule,
    ];
    const [{ adapter }] = PLATFORMS as [(typeof PLATFORMS)[number]];

    await expect(createApp({ imports }, adapter())).rejects.toThrow(
      /resolve dependencies of the MailController/,
    );
  });

  it('serves its importers when it is not global', async () => {
    @Module({
      imports: [SendGridSmtpModule.forRoot({ ...CAPTURE, isGlobal: false })],
      controllers: [MailController],
    })
    class AppModule {}
    const app = await NestFactory.createApplicationContext(AppModule, {
      logger: false,
    });

    expect(app.get(MailService)).toBeInstanceOf(MailService);
    await app.close();
  });
});
