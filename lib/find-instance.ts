import type { ModuleRef } from '@nestjs/core';
import { InvalidOptionsError } from './errors/invalid-options.error.js';
import { instanceToken } from './instance-tokens.js';
import type { MailInstance } from './transport/mail-instance.js';

/**
 * An instance, from anywhere in the application.
 *
 * @throws InvalidOptionsError when there is no such instance
 */
export function findInstance(
  modules: Pick<ModuleRef, 'get'>,
  name: string,
): MailInstance {
  try {
    return modules.get<MailInstance>(instanceToken(name), { strict: false });
  } catch (cause) {
    const error = new InvalidOptionsError([
      {
        option: 'name',
        problem:
          `'${name}' is no mail instance of this application. Import ` +
          'SendGridSmtpModule, or give the `name` that it was given.',
      },
    ]);
    error.cause = cause;
    throw error;
  }
}
