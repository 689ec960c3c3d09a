import type {
  FactoryProvider,
  Provider,
  Type,
  ValueProvider,
} from '@nestjs/common';
import { InvalidOptionsError } from './errors/invalid-options.error.js';
import { optionsFactoryToken, optionsToken } from './instance-tokens.js';
import { isRecord } from './options/is-record.js';
import { Secret } from './options/secret.js';
import { redactedError } from './options/redact.js';
import type {
  SendGridSmtpModuleAsyncOptions,
  SendGridSmtpModuleExtras,
  SendGridSmtpModuleOptions,
  SendGridSmtpOptionsFactory,
} from './sendgrid-smtp-module.options.js';

/** Options as given, unchecked. Nest never holds them unwrapped. */
export type GivenOptions = Secret<unknown>;

type FactoryToken = NonNullable<FactoryProvider['inject']>[number];

/** Provides options that are known when the module is imported. */
export function givenOptions(
  name: string,
  options: SendGridSmtpModuleOptions,
): ValueProvider<GivenOptions> {
  return {
    provide: optionsToken(name),
    useValue: new Secret(withoutExtras(options)),
  };
}

/** Provides options that are made at bootstrap. */
export function madeOptions(
  name: string,
  options: SendGridSmtpModuleAsyncOptions,
): Provider[] {
  return providersOf(options, {
    provide: optionsToken(name),
    factory: optionsFactoryToken(name),
    create: (factory: SendGridSmtpOptionsFactory) =>
      factory.createSendGridSmtpOptions(),
  });
}

/** How options are made, in one of three ways. */
export interface AsyncForms<Factory> {
  readonly inject?: NonNullable<FactoryProvider['inject']>;
  readonly useFactory?: (...injected: never[]) => unknown;
  readonly useClass?: Type<Factory>;
  readonly useExisting?: Type<Factory> | string | symbol;
}

/** Tokens of made options and of the class that makes them, and how it is asked. */
export interface MadeOptions<Factory> {
  readonly provide: string;
  readonly factory: string;
  readonly create: (factory: Factory) => unknown;
}

/** Provides what one of the forms makes, wrapped. */
export function providersOf<Factory>(
  { inject = [], useFactory, useClass, useExisting }: AsyncForms<Factory>,
  { provide, factory, create }: MadeOptions<Factory>,
): Provider[] {
  if (useFactory !== undefined) {
    return [{ provide, inject, useFactory: wrapped('useFactory', useFactory) }];
  }
  const byClass = (token: FactoryToken, form: string): Provider => ({
    provide,
    inject: [token],
    useFactory: wrapped(form, create),
  });
  if (useExisting !== undefined) return [byClass(useExisting, 'useExisting')];
  // Untyped callers may give none.
  if (!useClass) throw noForm();
  return [{ provide: factory, useClass }, byClass(factory, 'useClass')];
}

/**
 * Options without what a module takes next to them. What is no record is told
 * so at bootstrap, with everything else.
 */
export function withoutExtras(options: SendGridSmtpModuleExtras): unknown {
  if (!isRecord(options)) return options;
  const { name: _name, isGlobal: _isGlobal, ...given } = options;
  return given;
}

function noForm(): InvalidOptionsError {
  return new InvalidOptionsError([
    {
      option: 'forRootAsync',
      problem: 'needs one of `useFactory`, `useClass` and `useExisting`',
    },
  ]);
}

function wrapped<Injected extends unknown[]>(
  form: string,
  make: (...injected: Injected) => unknown,
): (...injected: Injected) => Promise<GivenOptions> {
  return async (...injected) => {
    try {
      return new Secret(await make(...injected));
    } catch (thrown) {
      throw factoryFailed(form, thrown);
    }
  };
}

/** Explains what a form of `forRootAsync` has thrown, without secrets. */
export function factoryFailed(
  form: string,
  thrown: unknown,
): InvalidOptionsError {
  const cause = redactedError(thrown);
  const error = new InvalidOptionsError([
    {
      option: form,
      problem: `made no options: ${cause.name}: ${cause.message}`,
    },
  ]);
  error.cause = cause;
  return error;
}
