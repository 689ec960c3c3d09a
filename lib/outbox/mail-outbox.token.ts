import type { InjectionToken } from '@nestjs/common';
import { MailOutbox } from './mail-outbox.js';
import { DEFAULT_OUTBOX } from './outbox-tokens.js';

/**
 * The token under which a {@link MailOutbox} is provided: the class itself for
 * the default one. For `overrideProvider` and `app.get`.
 *
 * @param name - the outbox's `name`, `'default'` when left out
 */
export function getMailOutboxToken(
  name: string = DEFAULT_OUTBOX,
): InjectionToken<MailOutbox> {
  return name === DEFAULT_OUTBOX ? MailOutbox : `MailOutbox:${name}`;
}
