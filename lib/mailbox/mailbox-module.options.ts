import type { CanActivate, ModuleMetadata, Type } from '@nestjs/common';
import type {
  AsyncOptionsBase,
  OptionsByClass,
  OptionsByFunction,
  OptionsByProvider,
} from '../async-options.js';
import type { MailboxOptions } from './mailbox-options.js';

/** What is decided when the module is imported, before its options are known. */
export interface MailboxModuleExtras {
  /**
   * Path of the page below the application's prefix, whatever its versions.
   *
   * @defaultValue `'dev/mailbox'`
   */
  readonly path?: string | undefined;

  /**
   * Whether there is a mailbox at all. Outside of the environments
   * `development` and `test` it needs a `guard`. Where there is none, the
   * module does nothing: no route, and mail goes its way.
   *
   * @defaultValue whether NODE_ENV is `development` or `test` when the module
   * is imported
   */
  readonly enabled?: boolean | undefined;

  /**
   * Who may look at mail, besides what `allowRemote` says: a guard, or its
   * class, whose dependencies come from `imports` or global modules.
   */
  readonly guard?: Type<CanActivate> | CanActivate | undefined;

  /** Modules whose exports the guard, the factory or the class needs. */
  readonly imports?: ModuleMetadata['imports'];

  /**
   * Further decorators of the controller, such as what exempts it from guards
   * that stand before all others.
   *
   * @defaultValue `[]`
   */
  readonly decorators?: readonly ClassDecorator[] | undefined;
}

/** The argument of `MailboxModule.forRoot`. */
export type MailboxModuleOptions = MailboxOptions & MailboxModuleExtras;

/** A class that makes the options, for `useClass` and `useExisting`. */
export interface MailboxOptionsFactory {
  /** Called once, at bootstrap. */
  createMailboxOptions(): MailboxOptions | Promise<MailboxOptions>;
}

/** What every form of `forRootAsync` takes. */
export type MailboxModuleAsyncBase = MailboxModuleExtras & AsyncOptionsBase;

/** Options made by a function. */
export type MailboxModuleUseFactory = MailboxModuleAsyncBase &
  OptionsByFunction<MailboxOptions>;

/** Options made by a class that the module instantiates. */
export type MailboxModuleUseClass = MailboxModuleAsyncBase &
  OptionsByClass<MailboxOptionsFactory>;

/** Options made by a provider that exists already. */
export type MailboxModuleUseExisting = MailboxModuleAsyncBase &
  OptionsByProvider<MailboxOptionsFactory>;

/** The argument of `MailboxModule.forRootAsync`. */
export type MailboxModuleAsyncOptions =
  MailboxModuleUseFactory | MailboxModuleUseClass | MailboxModuleUseExisting;
