import type {
  FactoryProvider,
  ModuleMetadata,
  Provider,
  Type,
} from '@nestjs/common';
import type { SendGridWebhookOptions } from './sendgrid-webhook-options.js';

/** What is decided when the module is imported, before its options are known. */
export interface SendGridWebhookModuleExtras {
  /**
   * Path of the controller below the application's prefix, whatever its
   * versions; `false` for none.
   *
   * @defaultValue `'sendgrid/events'`
   */
  readonly path?: string | false | undefined;

  /**
   * Further decorators of the controller: what exempts it from guards that
   * stand before all others, such as a `@Public()` of your own.
   *
   * @defaultValue `[]`
   */
  readonly decorators?: readonly ClassDecorator[] | undefined;

  /**
   * Whether every module can inject `SendGridWebhook` without importing this
   * one.
   *
   * @defaultValue `true`
   */
  readonly isGlobal?: boolean | undefined;
}

/** The argument of `SendGridWebhookModule.forRoot`. */
export type SendGridWebhookModuleOptions = SendGridWebhookOptions &
  SendGridWebhookModuleExtras;

/** A class that makes the options, for `useClass` and `useExisting`. */
export interface SendGridWebhookOptionsFactory {
  /** Called once, at bootstrap. */
  createSendGridWebhookOptions():
    SendGridWebhookOptions | Promise<SendGridWebhookOptions>;
}

/** What every form of `forRootAsync` takes. */
export interface SendGridWebhookModuleAsyncBase extends SendGridWebhookModuleExtras {
  /** Modules whose exports the factory or class needs. */
  readonly imports?: NonNullable<ModuleMetadata['imports']>;

  /** Further providers of the module, for what the factory or class needs. */
  readonly extraProviders?: readonly Provider[];
}

/** Options made by a function. */
export interface SendGridWebhookModuleUseFactory extends SendGridWebhookModuleAsyncBase {
  /** Makes the options from what is injected. */
  readonly useFactory: (
    // Parameters are contravariant: `never` admits a factory of any parameters.
    ...injected: never[]
  ) => SendGridWebhookOptions | Promise<SendGridWebhookOptions>;

  /** What `useFactory` is called with. */
  readonly inject?: NonNullable<FactoryProvider['inject']>;

  readonly useClass?: never;
  readonly useExisting?: never;
}

/** Options made by a class that the module instantiates. */
export interface SendGridWebhookModuleUseClass extends SendGridWebhookModuleAsyncBase {
  /** Instantiated by the module; its dependencies come from `imports`. */
  readonly useClass: Type<SendGridWebhookOptionsFactory>;

  readonly useFactory?: never;
  readonly useExisting?: never;
  readonly inject?: never;
}

/** Options made by a provider that exists already. */
export interface SendGridWebhookModuleUseExisting extends SendGridWebhookModuleAsyncBase {
  /** Token of the provider; one of `imports` or a global module exports it. */
  readonly useExisting: Type<SendGridWebhookOptionsFactory> | string | symbol;

  readonly useFactory?: never;
  readonly useClass?: never;
  readonly inject?: never;
}

/** The argument of `SendGridWebhookModule.forRootAsync`. */
export type SendGridWebhookModuleAsyncOptions =
  | SendGridWebhookModuleUseFactory
  | SendGridWebhookModuleUseClass
  | SendGridWebhookModuleUseExisting;
