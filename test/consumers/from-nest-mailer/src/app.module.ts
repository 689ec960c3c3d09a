import { Injectable, Module, type DynamicModule } from '@nestjs/common';
import {
  MailerBatchService,
  MailerModule,
  MailerService,
  type ISendMailOptions,
  type MailerOptions,
  type MailerOptionsFactory,
} from 'nestjs-sendgrid-smtp/compat';

/** What the environment gives. */
export class MailSettings {
  constructor(
    readonly transport: NonNullable<MailerOptions['transport']>,
    readonly news: NonNullable<MailerOptions['transport']>,
    readonly template: NonNullable<MailerOptions['template']>,
  ) {}
}

@Injectable()
export class MailConfig implements MailerOptionsFactory {
  constructor(private readonly settings: MailSettings) {}

  createMailerOptions(): MailerOptions {
    const { transport, news, template } = this.settings;
    return {
      transport,
      transports: { news },
      defaults: { from: '"No Reply" <noreply@shop.example>' },
      template,
      i18n: { defaultLocale: 'en' },
    };
  }
}

@Injectable()
export class Signup {
  constructor(private readonly mailerService: MailerService) {}

  welcome(name: string, locale: string): Promise<unknown> {
    return this.mailerService.sendMail({
      to: { name, address: `${name.toLowerCase()}@example.com` },
      subject: 'Welcome, {{ name }}',
      template: 'welcome',
      locale,
      textTemplate: 'welcome-text',
      context: { name, code: 'cf1a3f828287' },
    });
  }

  plain(): Promise<unknown> {
    return this.mailerService
      .sendMail({
        to: 'test@nestjs.com',
        cc: ['cc@nestjs.com', { name: 'Copy', address: 'copy@nestjs.com' }],
        bcc: 'blind@nestjs.com',
        from: 'hello@shop.example',
        replyTo: 'answers@shop.example',
        subject: 'Testing Nest MailerModule',
        text: 'welcome',
        html: '<b>welcome</b>',
        headers: { 'X-Order': '7' },
        attachments: [{ filename: 'a.txt', content: Buffer.from('attached') }],
        timeout: 10_000,
      })
      .then(({ accepted }) => accepted);
  }

  async broken(): Promise<string> {
    try {
      await this.mailerService.sendMail({
        to: 'nobody@example.com',
        subject: 'Never',
        text: 'Never',
        transporterName: 'missing',
      });
      return 'sent';
    } catch (error) {
      return error instanceof Error ? 'refused' : 'odd';
    }
  }
}

@Injectable()
export class Newsletter {
  constructor(private readonly batch: MailerBatchService) {}

  async send(recipients: string[]): Promise<{ sent: number; failed: number }> {
    const messages = recipients.map((to): ISendMailOptions => ({
      to,
      transporterName: 'news',
      subject: 'News of {{month}}',
      html: '<p>{{month}}</p>',
      context: { month: 'May' },
    }));
    const { sent, failed } = await this.batch.sendBatch({
      messages,
      concurrency: 1,
    });
    return { sent, failed };
  }
}

@Module({})
export class AppModule {
  static with(settings: MailSettings): DynamicModule {
    return {
      module: AppModule,
      imports: [
        MailerModule.forRootAsync({
          useClass: MailConfig,
          extraProviders: [{ provide: MailSettings, useValue: settings }],
        }),
      ],
      providers: [Signup, Newsletter],
    };
  }
}

/** Everything the application can do, and what it was told. */
export async function exercise(app: {
  get<T>(token: new (...args: never[]) => T): T;
}): Promise<unknown[]> {
  const signup = app.get(Signup);
  await signup.welcome('Ada', 'en');
  await signup.welcome('Bruno', 'de');
  await signup.welcome('Chloe', 'fr');
  const accepted = await signup.plain();
  const totals = await app.get(Newsletter).send(['x@a.example', 'y@b.example']);
  return [accepted, totals, await signup.broken()];
}
