import type { FactoryProvider, Provider, ValueProvider } from '@nestjs/common';
import { InvalidOptionsError } from './errors/invalid-options.error.js';
import { optionsFactoryToken, optionsToken } from './instance-tokens.js';
import { isRecord } from './options/is-record.js';
import { Secret } from './options/secret.js';
import { redactedError } from './options/redact.js';
import type {
  SendGridSmtpModuleAsyncOptions,
  SendGridSmtpModuleOptions,
  SendGridSmtpOptionsFactory,
} from './sendgrid-smtp-module.options.js';

/** Options as given, unchecked. Nest never holds them unwrapped. */
export type GivenOptions = Secret<unknown>;

/** Provides options that are known when the module is imported. */
export function givenOptions(
  name: string,
  options: SendGridSmtpModuleOptions,
): ValueProvider<GivenOptions> {
  const given = withoutExtras(options);
  return { provide: optionsToken(name), useValue: new Secret(given) };
}

/** Provides options that are made at bootstrap. */
export function madeOptions(
  name: string,
  options: SendGridSmtpModuleAsyncOptions,
): Provider[] {
  const provide = optionsToken(name);
  if (options.useFactory !== undefined) {
    const { inject = [], useFactory } = options;
    return [{ provide, inject, useFactory: wrapped('useFactory', useFactory) }];
  }
  if (options.useExisting !== undefined) {
    return [byFactoryClass(provide, options.useExisting, 'useExisting')];
  }
  // Untyped callers may give none.
  if (!options.useClass) throw noForm();
  const factoryToken = optionsFactoryToken(name);
  return [
    { provide: factoryToken, useClass: options.useClass },
    byFactoryClass(provide, factoryToken, 'useClass'),
  ];
}

// What is no record is told so at bootstrap, with everything else.
function withoutExtras(options: SendGridSmtpModuleOptions): unknown {
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

function byFactoryClass(
  provide: string,
  factoryToken: NonNullable<FactoryProvider['inject']>[number],
  form: string,
): FactoryProvider<Promise<GivenOptions>> {
  return {
    provide,
    inject: [factoryToken],
    useFactory: wrapped(form, (factory: SendGridSmtpOptionsFactory) =>
      factory.createSendGridSmtpOptions(),
    ),
  };
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
