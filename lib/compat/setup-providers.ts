import type { FactoryProvider, Provider } from '@nestjs/common';
import { InvalidOptionsError } from '../errors/invalid-options.error.js';
import { MODULE_LOGGER } from '../module-logger.js';
import { factoryFailed } from '../options-provider.js';
import type {
  MailerAsyncOptions,
  MailerOptions,
  MailerOptionsFactory,
} from './mailer-options.js';
import { MailerSetup } from './mailer-setup.js';

/** Token of the module's options, wrapped. */
export const SETUP = 'SendGridSmtpMailerSetup';

/** Token of the class that makes them. */
const FACTORY = 'SendGridSmtpMailerOptionsFactory';

/** Provides options that are known when the module is imported. */
export function givenSetup(options: MailerOptions): Provider {
  return { provide: SETUP, useFactory: () => setupOf(options) };
}

/** Provides options that are made at bootstrap. */
export function madeSetup(options: MailerAsyncOptions): Provider[] {
  const { useFactory, inject = [], useClass, useExisting } = options;
  if (useFactory !== undefined) {
    return [
      { provide: SETUP, inject, useFactory: made('useFactory', useFactory) },
    ];
  }
  if (useExisting !== undefined) {
    return [byFactoryClass('useExisting', useExisting)];
  }
  if (useClass === undefined) throw noForm();
  return [{ provide: FACTORY, useClass }, byFactoryClass('useClass', FACTORY)];
}

function byFactoryClass(
  form: string,
  token: NonNullable<FactoryProvider['inject']>[number],
): Provider {
  return {
    provide: SETUP,
    inject: [token],
    useFactory: made(form, (factory: MailerOptionsFactory) =>
      factory.createMailerOptions(),
    ),
  };
}

function made<Injected extends unknown[]>(
  form: string,
  make: (...injected: Injected) => Promise<MailerOptions> | MailerOptions,
): (...injected: Injected) => Promise<MailerSetup> {
  return async (...injected) => {
    try {
      return setupOf(await make(...injected));
    } catch (thrown) {
      throw factoryFailed(form, thrown);
    }
  };
}

function setupOf(options: MailerOptions): MailerSetup {
  const setup = new MailerSetup(options);
  if (setup.previews) {
    MODULE_LOGGER.warn(
      "`preview` of MailerModule is not supported and does nothing: use `mode: 'capture'`, or `redirect`, in development.",
    );
  }
  return setup;
}

function noForm(): InvalidOptionsError {
  return new InvalidOptionsError([
    {
      option: 'forRootAsync',
      problem: 'needs one of `useFactory`, `useClass` and `useExisting`',
    },
  ]);
}
