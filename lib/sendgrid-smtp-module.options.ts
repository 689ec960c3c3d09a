import type {
  AsyncOptionsBase,
  OptionsByClass,
  OptionsByFunction,
  OptionsByProvider,
} from './async-options.js';
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
export type SendGridSmtpModuleAsyncBase = SendGridSmtpModuleExtras &
  AsyncOptionsBase;

/** Options made by a function. */
export type SendGridSmtpModuleUseFactory = SendGridSmtpModuleAsyncBase &
  OptionsByFunction<SendGridSmtpOptions>;

/** Options made by a class that the module instantiates. */
export type SendGridSmtpModuleUseClass = SendGridSmtpModuleAsyncBase &
  OptionsByClass<SendGridSmtpOptionsFactory>;

/** Options made by a provider that exists already. */
export type SendGridSmtpModuleUseExisting = SendGridSmtpModuleAsyncBase &
  OptionsByProvider<SendGridSmtpOptionsFactory>;

/** The argument of `SendGridSmtpModule.forRootAsync`. */
export type SendGridSmtpModuleAsyncOptions =
  | SendGridSmtpModuleUseFactory
  | SendGridSmtpModuleUseClass
  | SendGridSmtpModuleUseExisting;
