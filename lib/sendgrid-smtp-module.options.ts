import type {
  FactoryProvider,
  ModuleMetadata,
  Provider,
  Type,
} from '@nestjs/common';
import type { SendGridSmtpOptions } from './options/sendgrid-smtp-options.js';

/** What is decided when a module is imported, before its options are known. */
export interface SendGridSmtpModuleExtras {
  /**
   * Name of the instance, for applications with several.
   *
   * @defaultValue `'default'`
   */
  readonly name?: string | undefined;

  /**
   * Whether every module can inject the service without importing this one.
   *
   * @defaultValue `true`
   */
  readonly isGlobal?: boolean | undefined;
}

/** The argument of `SendGridSmtpModule.forRoot`. */
export type SendGridSmtpModuleOptions = SendGridSmtpOptions &
  SendGridSmtpModuleExtras;

/** A class that makes the options, for `useClass` and `useExisting`. */
export interface SendGridSmtpOptionsFactory {
  /** Called once, at bootstrap. */
  createSendGridSmtpOptions():
    SendGridSmtpOptions | Promise<SendGridSmtpOptions>;
}

/** What every form of `forRootAsync` takes. */
export interface SendGridSmtpModuleAsyncBase extends SendGridSmtpModuleExtras {
  /** Modules whose exports the factory or class needs. */
  readonly imports?: NonNullable<ModuleMetadata['imports']>;

  /** Further providers of the module, for what the factory or class needs. */
  readonly extraProviders?: readonly Provider[];
}

/** Options made by a function. */
export interface SendGridSmtpModuleUseFactory extends SendGridSmtpModuleAsyncBase {
  /** Makes the options from what is injected. */
  readonly useFactory: (
    // Parameters are contravariant: `never` admits a factory of any parameters.
    ...injected: never[]
  ) => SendGridSmtpOptions | Promise<SendGridSmtpOptions>;

  /** What `useFactory` is called with. */
  readonly inject?: NonNullable<FactoryProvider['inject']>;

  readonly useClass?: never;
  readonly useExisting?: never;
}

/** Options made by a class that the module instantiates. */
export interface SendGridSmtpModuleUseClass extends SendGridSmtpModuleAsyncBase {
  /** Instantiated by the module; its dependencies come from `imports`. */
  readonly useClass: Type<SendGridSmtpOptionsFactory>;

  readonly useFactory?: never;
  readonly useExisting?: never;
  readonly inject?: never;
}

/** Options made by a provider that exists already. */
export interface SendGridSmtpModuleUseExisting extends SendGridSmtpModuleAsyncBase {
  /** Token of the provider; one of `imports` or a global module exports it. */
  readonly useExisting: Type<SendGridSmtpOptionsFactory> | string | symbol;

  readonly useFactory?: never;
  readonly useClass?: never;
  readonly inject?: never;
}

/** The argument of `SendGridSmtpModule.forRootAsync`. */
export type SendGridSmtpModuleAsyncOptions =
  | SendGridSmtpModuleUseFactory
  | SendGridSmtpModuleUseClass
  | SendGridSmtpModuleUseExisting;
