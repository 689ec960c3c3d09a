import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { INSTANCE_OPENER } from '../instance-tokens.js';
import { providersOf } from '../options-provider.js';
import { isRecord } from '../options/is-record.js';
import { Secret } from '../options/secret.js';
import { controllerAt } from './http/controller-at.js';
import type {
  MailboxModuleAsyncOptions,
  MailboxModuleExtras,
  MailboxModuleOptions,
  MailboxOptionsFactory,
} from './mailbox-module.options.js';
import { mailboxProviders, noMailbox } from './mailbox-providers.js';
import { MAILBOX_OPTIONS, MAILBOX_OPTIONS_FACTORY } from './mailbox-tokens.js';
import { DEFAULT_PATH, trimmedPath } from './options/mailbox-path.js';
import { mayStart } from './options/may-start.js';

/**
 * Shows the mail of an application in the browser, instead of sending it:
 * `docs/mailbox.md` tells what there is. Import it once, next to
 * `SendGridSmtpModule`. It works where NODE_ENV is `development` or `test`;
 * anywhere else it does nothing unless it is `enabled` and has a `guard`.
 *
 * @example
 * ```ts
 * @Module({
 *   imports: [
 *     SendGridSmtpModule.forRoot(options),
 *     MailboxModule.forRoot({ path: '/dev/mailbox' }),
 *   ],
 * })
 * export class AppModule {}
 * ```
 */
@Module({})
export class MailboxModule {
  /**
   * Shows mail by options that are known already. They are checked at
   * bootstrap, which fails with an `InvalidOptionsError` that lists every
   * problem.
   */
  static forRoot(options: MailboxModuleOptions = {}): DynamicModule {
    return mailbox(options, () => {
      const useValue = new Secret(withoutExtras(options));
      return [{ provide: MAILBOX_OPTIONS, useValue }];
    });
  }

  /**
   * Shows mail by options that are made at bootstrap, by a function
   * (`useFactory`, `inject`), a class (`useClass`) or a provider
   * (`useExisting`). Whether there is a mailbox is decided before.
   */
  static forRootAsync(options: MailboxModuleAsyncOptions): DynamicModule {
    const { extraProviders = [] } = options;
    return mailbox(options, () => [
      ...extraProviders,
      ...providersOf(options, {
        provide: MAILBOX_OPTIONS,
        factory: MAILBOX_OPTIONS_FACTORY,
        create: (factory: MailboxOptionsFactory) =>
          factory.createMailboxOptions(),
      }),
    ]);
  }
}

function mailbox(
  extras: MailboxModuleExtras,
  options: () => Provider[],
): DynamicModule {
  const { enabled, guard, imports = [], decorators = [] } = extras;
  const start = mayStart(enabled);
  if (start.kind === 'off') {
    return { module: MailboxModule, providers: [noMailbox(start.reason)] };
  }
  const path = trimmedPath(extras.path ?? DEFAULT_PATH);
  const lacksGuard = start.needsGuard && guard === undefined;
  return {
    module: MailboxModule,
    // Every instance is opened by it, wherever that is.
    global: true,
    imports,
    controllers: [controllerAt({ path, guard, decorators })],
    providers: [...options(), ...mailboxProviders({ path, lacksGuard })],
    exports: [INSTANCE_OPENER],
  };
}

function withoutExtras(options: MailboxModuleOptions): unknown {
  // What is no record is told so at bootstrap, with everything else.
  if (!isRecord(options)) return options;
  const {
    path: _path,
    enabled: _enabled,
    guard: _guard,
    imports: _imports,
    decorators: _decorators,
    ...given
  } = options;
  return given;
}
