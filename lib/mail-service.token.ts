import type { InjectionToken } from '@nestjs/common';
import { DEFAULT_INSTANCE } from './instance-tokens.js';
import { MailService } from './mail.service.js';

/**
 * The token under which an instance's {@link MailService} is provided: the
 * class itself for the default instance. For `overrideProvider` and `app.get`.
 *
 * @param name - the instance's `name`, `'default'` when left out
 */
export function getMailServiceToken(
  name: string = DEFAULT_INSTANCE,
): InjectionToken<MailService> {
  return name === DEFAULT_INSTANCE ? MailService : `MailService:${name}`;
}
