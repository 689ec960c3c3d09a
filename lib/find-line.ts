import type { ModuleRef } from '@nestjs/core';
import { InvalidOptionsError } from './errors/invalid-options.error.js';
import { lineToken } from './instance-tokens.js';
import type { MailLine } from './transport/mail-line.js';

/**
 * The line of an instance, from anywhere in the application.
 *
 * @throws InvalidOptionsError when there is no such instance
 */
export function findLine(
  modules: Pick<ModuleRef, 'get'>,
  name: string,
): MailLine {
  try {
    return modules.get<MailLine>(lineToken(name), { strict: false });
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
