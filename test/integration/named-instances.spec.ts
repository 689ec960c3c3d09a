import { Injectable, Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { describe, expect, it } from 'vitest';
import {
  getMailServiceToken,
  InjectMailService,
  InvalidOptionsError,
  MailService,
  SendGridSmtpModule,
} from 'nestjs-sendgrid-smtp';
import { capturedMail } from 'nestjs-sendgrid-smtp/testing';
import { CAPTURE, MESSAGE } from './support/options.js';

@Injectable()
class Notifier {
  constructor(
    readonly mail: MailService,
    @InjectMailService('alerts') readonly alerts: MailService,
  ) {}
}

@Module({
  imports: [
    SendGridSmtpModule.forRoot(CAPTURE),
    SendGridSmtpModule.forRootAsync({
      name: 'alerts',
      useFactory: () => ({
        mode: 'capture',
        defaults: { from: 'alerts@example.com' },
      }),
    }),
  ],
  providers: [Notifier],
})
class TwoInstancesModule {}

async function bootstrap(module: unknown): Promise<unknown> {
  // What Nest takes: a module class or a dynamic module.
  const app = await NestFactory.createApplicationContext(
    module as DynamicModule,
    { logger: false, abortOnError: false },
  );
  return app.close();
}

describe('Named instances', () => {
  it('have their own defaults, mail and counts', async () => {
    const app = await NestFactory.createApplicationContext(TwoInstancesModule, {
      logger: false,
    });
    const { mail, alerts } = app.get(Notifier);

    await mail.send(MESSAGE);
    await alerts.send(MESSAGE);
    await alerts.send(MESSAGE);

    const senders = (name?: string): string[] =>
      capturedMail(app, name)
        .sent()
        .map(({ envelope }) => envelope.from);
    expect(senders()).toEqual(['shop@example.com']);
    expect(senders('alerts')).toEqual([
      'alerts@example.com',
      'alerts@example.com',
    ]);
    expect(mail.stats().totals.accepted).toBe(1);
    expect(alerts.stats().totals.accepted).toBe(2);
    await app.close();
  });

  it('are reached by their token', async () => {
    const app = await NestFactory.createApplicationContext(TwoInstancesModule, {
      logger: false,
    });
    const { mail, alerts } = app.get(Notifier);

    expect(app.get(getMailServiceToken())).toBe(mail);
    expect(app.get(getMailServiceToken('default'))).toBe(mail);
    expect(app.get(getMailServiceToken('alerts'))).toBe(alerts);
    expect(alerts).not.toBe(mail);
    await app.close();
  });

  it('drain apart from each other', async () => {
    const app = await NestFactory.createApplicationContext(TwoInstancesModule, {
      logger: false,
    });
    const { mail, alerts } = app.get(Notifier);

    await alerts.drain();

    await expect(alerts.send(MESSAGE)).rejects.toMatchObject({
      code: 'SHUT_DOWN',
    });
    await expect(mail.send(MESSAGE)).resolves.toBeDefined();
    await app.close();
  });
});

describe('Two instances of one name', () => {
  it('fail the bootstrap, which names both importers', async () => {
    @Module({ imports: [SendGridSmtpModule.forRoot(CAPTURE)] })
    class OrdersModule {}
    @Module({ imports: [OrdersModule, SendGridSmtpModule.forRoot(CAPTURE)] })
    class AppModule {}

    const bootstrapped = bootstrap(AppModule);

    await expect(bootstrapped).rejects.toBeInstanceOf(InvalidOptionsError);
    await expect(bootstrapped).rejects.toThrow(
      /'default' is the name of 2 instances, imported by (AppModule and OrdersModule|OrdersModule and AppModule)\./,
    );
  });

  it('fail the bootstrap when dynamic modules import them', async () => {
    @Module({})
    class OrdersModule {}
    @Module({})
    class ShopModule {}
    const dynamic = (module: DynamicModule['module']): DynamicModule => ({
      module,
      imports: [
        SendGridSmtpModule.forRoot({ ...CAPTURE, name: 'x', isGlobal: false }),
      ],
    });
    @Module({ imports: [dynamic(OrdersModule), dynamic(ShopModule)] })
    class AppModule {}

    await expect(bootstrap(AppModule)).rejects.toThrow(
      /'x' is the name of 2 instances, imported by OrdersModule and ShopModule\./,
    );
  });

  it('fail the bootstrap when one module imports both', async () => {
    @Module({
      imports: [
        SendGridSmtpModule.forRoot(CAPTURE),
        SendGridSmtpModule.forRoot({ ...CAPTURE, name: 'default' }),
      ],
    })
    class AppModule {}

    await expect(bootstrap(AppModule)).rejects.toThrow(
      /imported by AppModule and AppModule\./,
    );
  });

  it('are one when modules share the imported module', async () => {
    const shared = SendGridSmtpModule.forRoot(CAPTURE);
    @Module({ imports: [shared] })
    class OrdersModule {}
    @Module({ imports: [OrdersModule, shared] })
    class AppModule {}

    await expect(bootstrap(AppModule)).resolves.toBeUndefined();
  });

  it('may live in two applications of one process', async () => {
    const contexts = [1, 2].map(() =>
      NestFactory.createApplicationContext(TwoInstancesModule, {
        logger: false,
      }),
    );
    const apps = await Promise.all(contexts);

    await apps[0]?.get(MailService).send(MESSAGE);

    expect(apps[1]?.get(MailService).stats().totals.submitted).toBe(0);
    await Promise.all(apps.map((app) => app.close()));
  });
});
