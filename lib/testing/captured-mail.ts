import type { INestApplicationContext } from '@nestjs/common';
import { DEFAULT_INSTANCE, instanceToken } from '../instance-tokens.js';
import { CaptureCarrier } from '../transport/capture-carrier.js';
import type { MailInstance } from '../transport/mail-instance.js';
import { mailCapture, type MailCapture } from './mail-capture.js';

/**
 * Reads the mail of an instance in mode `capture`, for example in end-to-end
 * tests of an application that is configured so.
 *
 * @param app - the application, its context or a testing module
 * @param name - the instance's `name`, `'default'` when left out
 * @throws Error when there is no such instance, or it is in another mode
 */
export function capturedMail(
  app: Pick<INestApplicationContext, 'get'>,
  name: string = DEFAULT_INSTANCE,
): MailCapture {
  const token = instanceToken(name);
  const { carrier } = app.get<MailInstance>(token, { strict: false }).open();
  if (carrier instanceof CaptureCarrier) return mailCapture(carrier.store);
  throw new Error(
    `The mail instance '${name}' does not capture mail. ` +
      "Configure it with mode: 'capture', or use overrideMail.",
  );
}
