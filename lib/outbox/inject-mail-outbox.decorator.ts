import { Inject } from '@nestjs/common';
import { getMailOutboxToken } from './mail-outbox.token.js';

/**
 * Injects the {@link MailOutbox} of that name.
 *
 * @param name - the outbox's `name`, `'default'` when left out
 *
 * @example
 * ```ts
 * constructor(@InjectMailOutbox('bulk') private readonly outbox: MailOutbox) {}
 * ```
 */
export function InjectMailOutbox(
  name?: string,
): PropertyDecorator & ParameterDecorator {
  return Inject(getMailOutboxToken(name));
}
