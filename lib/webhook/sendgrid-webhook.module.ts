import {
  Inject,
  Module,
  type DynamicModule,
  type NestModule,
  type Provider,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { providersOf, withoutExtras } from '../options-provider.js';
import { Secret } from '../options/secret.js';
import { controllerAt } from './http/controller-at.js';
import { installReader } from './http/install-reader.js';
import { pathProblem } from './http/path-problem.js';
import type { Reading } from './http/reading.js';
import type {
  SendGridWebhookModuleAsyncOptions,
  SendGridWebhookModuleExtras,
  SendGridWebhookModuleOptions,
  SendGridWebhookOptionsFactory,
} from './sendgrid-webhook-module.options.js';
import { SendGridWebhook } from './sendgrid-webhook.js';
import { webhookProviders } from './webhook-providers.js';
import {
  WEBHOOK_OPTIONS,
  WEBHOOK_OPTIONS_FACTORY,
  WEBHOOK_READING,
} from './webhook-tokens.js';

const DEFAULT_PATH = 'sendgrid/events';

/**
 * Takes the posts of SendGrid's event webhook, on Express and Fastify, and
 * provides {@link SendGridWebhook}. Import it once: several webhooks may post to
 * one path, each with its key. `docs/webhook.md` tells how to set it up.
 *
 * @example
 * ```ts
 * @Module({
 *   imports: [
 *     SendGridWebhookModule.forRoot({
 *       path: 'hooks/sendgrid',
 *       publicKeys: process.env.SENDGRID_WEBHOOK_KEY,
 *     }),
 *   ],
 * })
 * export class AppModule {}
 * ```
 */
@Module({})
export class SendGridWebhookModule implements NestModule {
  readonly #host: HttpAdapterHost;
  readonly #reading: Reading | undefined;

  /** @internal */
  constructor(
    @Inject(HttpAdapterHost) host: HttpAdapterHost,
    @Inject(WEBHOOK_READING) reading: Reading | undefined,
  ) {
    this.#host = host;
    this.#reading = reading;
  }

  /**
   * Takes posts by options that are known already. They are checked at
   * bootstrap, which fails with an `InvalidOptionsError` that lists every
   * problem.
   */
  static forRoot(options: SendGridWebhookModuleOptions): DynamicModule {
    const { path: _path, decorators: _decorators, ...rest } = options;
    const given = new Secret(withoutExtras(rest));
    return webhook(options, [{ provide: WEBHOOK_OPTIONS, useValue: given }]);
  }

  /**
   * Takes posts by options that are made at bootstrap, by a function
   * (`useFactory`, `inject`), a class (`useClass`) or a provider
   * (`useExisting`).
   */
  static forRootAsync(
    options: SendGridWebhookModuleAsyncOptions,
  ): DynamicModule {
    const { imports = [], extraProviders = [] } = options;
    const module = webhook(options, [
      ...extraProviders,
      ...providersOf(options, {
        provide: WEBHOOK_OPTIONS,
        factory: WEBHOOK_OPTIONS_FACTORY,
        create: (factory: SendGridWebhookOptionsFactory) =>
          factory.createSendGridWebhookOptions(),
      }),
    ]);
    return { ...module, imports };
  }

  /** For Nest: reads posts before the application's own body parser does. */
  configure(): void {
    if (this.#reading !== undefined) installReader(this.#host, this.#reading);
  }
}

function webhook(
  {
    path = DEFAULT_PATH,
    decorators = [],
    isGlobal = true,
  }: SendGridWebhookModuleExtras,
  options: Provider[],
): DynamicModule {
  const trimmed = path && path.replaceAll(/^\/+|\/+$/g, '');
  const isServed = trimmed !== false && pathProblem(trimmed) === undefined;
  return {
    module: SendGridWebhookModule,
    global: isGlobal,
    controllers: isServed ? [controllerAt(trimmed, decorators)] : [],
    providers: [...options, ...webhookProviders(trimmed)],
    exports: [SendGridWebhook],
  };
}
