import type {
  AsyncOptionsBase,
  OptionsByClass,
  OptionsByFunction,
  OptionsByProvider,
} from '../async-options.js';
import type { SendGridWebhookOptions } from './sendgrid-webhook-options.js';

/** What is decided when the module is imported, before its options are known. */
export interface SendGridWebhookModuleExtras {
  /**
   * Path of the controller below the application's prefix, whatever its
   * versions: names and `:parameters`. `false` for none.
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
export type SendGridWebhookModuleAsyncBase = SendGridWebhookModuleExtras &
  AsyncOptionsBase;

/** Options made by a function. */
export type SendGridWebhookModuleUseFactory = SendGridWebhookModuleAsyncBase &
  OptionsByFunction<SendGridWebhookOptions>;

/** Options made by a class that the module instantiates. */
export type SendGridWebhookModuleUseClass = SendGridWebhookModuleAsyncBase &
  OptionsByClass<SendGridWebhookOptionsFactory>;

/** Options made by a provider that exists already. */
export type SendGridWebhookModuleUseExisting = SendGridWebhookModuleAsyncBase &
  OptionsByProvider<SendGridWebhookOptionsFactory>;

/** The argument of `SendGridWebhookModule.forRootAsync`. */
export type SendGridWebhookModuleAsyncOptions =
  | SendGridWebhookModuleUseFactory
  | SendGridWebhookModuleUseClass
  | SendGridWebhookModuleUseExisting;
