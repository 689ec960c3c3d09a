import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { instanceProviders } from './instance-providers.js';
import { DEFAULT_INSTANCE } from './instance-tokens.js';
import { getMailServiceToken } from './mail-service.token.js';
import { givenOptions, madeOptions } from './options-provider.js';
import type {
  SendGridSmtpModuleAsyncOptions,
  SendGridSmtpModuleExtras,
  SendGridSmtpModuleOptions,
} from './sendgrid-smtp-module.options.js';

/**
 * Provides {@link MailService}, which sends mail through SendGrid's SMTP
 * relay. Import it once, in the root module; several instances need a `name`
 * each.
 *
 * @example
 * ```ts
 * @Module({
 *   imports: [
 *     SendGridSmtpModule.forRootAsync({
 *       inject: [ConfigService],
 *       useFactory: (config: ConfigService) => ({
 *         apiKey: config.getOrThrow('SENDGRID_API_KEY'),
 *         defaults: { from: 'Shop <hello@shop.example>' },
 *       }),
 *     }),
 *   ],
 * })
 * export class AppModule {}
 * ```
 */
@Module({})
export class SendGridSmtpModule {
  /**
   * Configures an instance with options that are known already. They are
   * checked at bootstrap, which fails with an `InvalidOptionsError` that lists
   * every problem.
   */
  static forRoot(options: SendGridSmtpModuleOptions): DynamicModule {
    return instance({ ...options }, (name) => [givenOptions(name, options)]);
  }

  /**
   * Configures an instance with options that are made at bootstrap, by a
   * function (`useFactory`, `inject`), a class (`useClass`) or a provider
   * (`useExisting`). What they throw fails the bootstrap with an
   * `InvalidOptionsError`, without secrets.
   */
  static forRootAsync(options: SendGridSmtpModuleAsyncOptions): DynamicModule {
    const { imports = [], extraProviders = [] } = options;
    const module = instance(options, (name) => [
      ...extraProviders,
      ...madeOptions(name, options),
    ]);
    return { ...module, imports };
  }
}

function instance(
  { name = DEFAULT_INSTANCE, isGlobal = true }: SendGridSmtpModuleExtras,
  options: (name: string) => Provider[],
): DynamicModule {
  return {
    module: SendGridSmtpModule,
    global: isGlobal,
    providers: [...options(name), ...instanceProviders(name)],
    exports: [getMailServiceToken(name)],
  };
}
