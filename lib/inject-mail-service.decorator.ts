import { Inject } from '@nestjs/common';
import { getMailServiceToken } from './mail-service.token.js';

/**
 * Injects the {@link MailService} of a named instance.
 *
 * @param name - the instance's `name`, `'default'` when left out
 *
 * @example
 * ```ts
 * constructor(@InjectMailService('alerts') private readonly alerts: MailService) {}
 * ```
 */
export function InjectMailService(
  name?: string,
): PropertyDecorator & ParameterDecorator {
  return Inject(getMailServiceToken(name));
}
