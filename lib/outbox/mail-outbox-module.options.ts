import type {
  FactoryProvider,
  ModuleMetadata,
  Provider,
  Type,
} from '@nestjs/common';
import type { MailOutboxOptions } from './options/mail-outbox-options.js';

/** What is decided when the module is imported, before its options are known. */
export interface MailOutboxModuleExtras {
  /**
   * Name of the outbox, for applications with several.
   *
   * @defaultValue `'default'`
   */
  readonly name?: string | undefined;

  /**
   * Whether every module can inject `MailOutbox` without importing this one.
   *
   * @defaultValue `true`
   */
  readonly isGlobal?: boolean | undefined;
}

/** The argument of `MailOutboxModule.forRoot`. */
export type MailOutboxModuleOptions = MailOutboxOptions &
  MailOutboxModuleExtras;

/** A class that makes the options, for `useClass` and `useExisting`. */
export interface MailOutboxOptionsFactory {
  /** Called once, at bootstrap. */
  createMailOutboxOptions(): MailOutboxOptions | Promise<MailOutboxOptions>;
}

/** What every form of `forRootAsync` takes. */
export interface MailOutboxModuleAsyncBase extends MailOutboxModuleExtras {
  /** Modules whose exports the factory or class needs. */
  readonly imports?: NonNullable<ModuleMetadata['imports']>;

  /** Further providers of the module, for what the factory or class needs. */
  readonly extraProviders?: readonly Provider[];
}

/** Options made by a function. */
export interface MailOutboxModuleUseFactory extends MailOutboxModuleAsyncBase {
  /** Makes the options from what is injected. */
  readonly useFactory: (
    // Parameters are contravariant: `never` admits a factory of any parameters.
    ...injected: never[]
  ) => MailOutboxOptions | Promise<MailOutboxOptions>;

  /** What `useFactory` is called with. */
  readonly inject?: NonNullable<FactoryProvider['inject']>;

  readonly useClass?: never;
  readonly useExisting?: never;
}

/** Options made by a class that the module instantiates. */
export interface MailOutboxModuleUseClass extends MailOutboxModuleAsyncBase {
  /** Instantiated by the module; its dependencies come from `imports`. */
  readonly useClass: Type<MailOutboxOptionsFactory>;

  readonly useFactory?: never;
  readonly useExisting?: never;
  readonly inject?: never;
}

/** Options made by a provider that exists already. */
export interface MailOutboxModuleUseExisting extends MailOutboxModuleAsyncBase {
  /** Token of the provider; one of `imports` or a global module exports it. */
  readonly useExisting: Type<MailOutboxOptionsFactory> | string | symbol;

  readonly useFactory?: never;
  readonly useClass?: never;
  readonly inject?: never;
}

/** The argument of `MailOutboxModule.forRootAsync`. */
export type MailOutboxModuleAsyncOptions =
  | MailOutboxModuleUseFactory
  | MailOutboxModuleUseClass
  | MailOutboxModuleUseExisting;
