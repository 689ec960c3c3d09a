import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { providersOf, withoutExtras } from '../options-provider.js';
import type { GivenOptions } from '../options-provider.js';
import { Secret } from '../options/secret.js';
import type {
  MailOutboxModuleAsyncOptions,
  MailOutboxModuleExtras,
  MailOutboxModuleOptions,
  MailOutboxOptionsFactory,
} from './mail-outbox-module.options.js';
import { getMailOutboxToken } from './mail-outbox.token.js';
import { OutboxLifecycle } from './outbox-lifecycle.js';
import { resolveOutboxOptions } from './options/resolve-outbox-options.js';
import {
  DEFAULT_OUTBOX,
  outboxLifecycleToken,
  outboxOptionsFactoryToken,
  outboxOptionsToken,
} from './outbox-tokens.js';

/**
 * Provides {@link MailOutbox}, which keeps mail in Redis or PostgreSQL until a
 * worker has sent it through a mail instance. Import it once, in the root
 * module; several outboxes need a `name` each. In the role `producer` it needs
 * no mail instance.
 *
 * @example
 * ```ts
 * @Module({
 *   imports: [
 *     SendGridSmtpModule.forRoot({ apiKey: process.env.SENDGRID_API_KEY }),
 *     MailOutboxModule.forRoot({
 *       connection: process.env.REDIS_URL,
 *       environment: 'production',
 *     }),
 *   ],
 * })
 * export class AppModule {}
 * ```
 */
@Module({})
export class MailOutboxModule {
  /**
   * Configures an outbox with options that are known already. They are checked
   * at bootstrap, which fails with an `InvalidOptionsError` that lists every
   * problem.
   */
  static forRoot(options: MailOutboxModuleOptions): DynamicModule {
    return outbox({ ...options }, (name) => [
      {
        provide: outboxOptionsToken(name),
        useValue: new Secret(withoutExtras(options)),
      },
    ]);
  }

  /**
   * Configures an outbox with options that are made at bootstrap, by a function
   * (`useFactory`, `inject`), a class (`useClass`) or a provider
   * (`useExisting`).
   */
  static forRootAsync(options: MailOutboxModuleAsyncOptions): DynamicModule {
    const { imports = [], extraProviders = [] } = options;
    const module = outbox(options, (name) => [
      ...extraProviders,
      ...providersOf(options, {
        provide: outboxOptionsToken(name),
        factory: outboxOptionsFactoryToken(name),
        create: (factory: MailOutboxOptionsFactory) =>
          factory.createMailOutboxOptions(),
      }),
    ]);
    return { ...module, imports };
  }
}

function outbox(
  { name = DEFAULT_OUTBOX, isGlobal = true }: MailOutboxModuleExtras,
  options: (name: string) => Provider[],
): DynamicModule {
  const token = getMailOutboxToken(name);
  return {
    module: MailOutboxModule,
    global: isGlobal,
    providers: [
      ...options(name),
      {
        provide: outboxLifecycleToken(name),
        inject: [outboxOptionsToken(name), ModuleRef],
        useFactory: (given: GivenOptions, modules: ModuleRef) =>
          new OutboxLifecycle(resolveOutboxOptions(given.reveal()), modules),
      },
      {
        provide: token,
        inject: [outboxLifecycleToken(name)],
        useFactory: ({ outbox: face }: OutboxLifecycle) => face,
      },
    ],
    exports: [token],
  };
}
