import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import {
  DEFAULT_INSTANCE,
  instanceToken,
  optionsToken,
} from '../instance-tokens.js';
import { instanceProviders } from '../instance-providers.js';
import { MailService } from '../mail.service.js';
import { Secret } from '../options/secret.js';
import type { MailInstance } from '../transport/mail-instance.js';
import { MailerBatchService } from './mailer-batch.service.js';
import type { MailerAsyncOptions, MailerOptions } from './mailer-options.js';
import type { MailerSetup } from './mailer-setup.js';
import { MailerService } from './mailer.service.js';
import { givenSetup, madeSetup, SETUP } from './setup-providers.js';

/**
 * The module of @nestjs-modules/mailer over this package's pool: provides
 * {@link MailerService} and `MailService`. Global, as the original is.
 *
 * @example
 * ```ts
 * MailerModule.forRoot({
 *   transport: {
 *     host: 'smtp.sendgrid.net',
 *     auth: { user: 'apikey', pass: process.env.SENDGRID_API_KEY },
 *   },
 *   defaults: { from: '"Shop" <hello@shop.example>' },
 *   template: { dir: 'templates', adapter: new HandlebarsAdapter() },
 * });
 * ```
 */
@Module({})
export class MailerModule {
  /**
   * Configures mail with options that are known already. What is wrong with
   * them fails the bootstrap with an `InvalidOptionsError`.
   */
  static forRoot(options: MailerOptions = {}): DynamicModule {
    return { ...mailerModule([givenSetup(options)]) };
  }

  /**
   * Configures mail with options that are made at bootstrap: `useFactory`,
   * `useClass` or `useExisting`.
   */
  static forRootAsync(options: MailerAsyncOptions): DynamicModule {
    const { imports = [], extraProviders = [] } = options;
    const setup = [...extraProviders, ...madeSetup(options)];
    return { ...mailerModule(setup), imports };
  }
}

function mailerModule(setup: Provider[]): DynamicModule {
  const instance = instanceToken(DEFAULT_INSTANCE);
  return {
    module: MailerModule,
    global: true,
    providers: [
      ...setup,
      {
        provide: optionsToken(DEFAULT_INSTANCE),
        inject: [SETUP],
        useFactory: (made: MailerSetup) => new Secret(made.instanceOptions()),
      },
      ...instanceProviders(DEFAULT_INSTANCE),
      {
        provide: MailerService,
        inject: [SETUP, instance, ModuleRef],
        useFactory: (
          made: MailerSetup,
          opened: MailInstance,
          modules: ModuleRef,
        ) => new MailerService(made, opened, modules),
      },
      {
        provide: MailerBatchService,
        inject: [MailerService],
        useFactory: (mailer: MailerService) => new MailerBatchService(mailer),
      },
    ],
    exports: [MailerService, MailerBatchService, MailService],
  };
}
