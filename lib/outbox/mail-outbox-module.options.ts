import type {
  AsyncOptionsBase,
  OptionsByClass,
  OptionsByFunction,
  OptionsByProvider,
} from '../async-options.js';
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
export type MailOutboxModuleAsyncBase = MailOutboxModuleExtras &
  AsyncOptionsBase;

/** Options made by a function. */
export type MailOutboxModuleUseFactory = MailOutboxModuleAsyncBase &
  OptionsByFunction<MailOutboxOptions>;

/** Options made by a class that the module instantiates. */
export type MailOutboxModuleUseClass = MailOutboxModuleAsyncBase &
  OptionsByClass<MailOutboxOptionsFactory>;

/** Options made by a provider that exists already. */
export type MailOutboxModuleUseExisting = MailOutboxModuleAsyncBase &
  OptionsByProvider<MailOutboxOptionsFactory>;

/** The argument of `MailOutboxModule.forRootAsync`. */
export type MailOutboxModuleAsyncOptions =
  | MailOutboxModuleUseFactory
  | MailOutboxModuleUseClass
  | MailOutboxModuleUseExisting;
