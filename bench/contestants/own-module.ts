import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { MailService } from '../../lib/mail.service.js';
import type { SendGridSmtpOptions } from '../../lib/options/sendgrid-smtp-options.js';
import { SendGridSmtpModule } from '../../lib/sendgrid-smtp.module.js';
import { mailOf } from '../mail.js';
import type { Load, Sender, Target } from './contestant.js';
import { ownOptions } from './own-options.js';

/** This library as an application uses it: `MailService` of the Nest module. */
export async function ownModule(target: Target, _load: Load): Promise<Sender> {
  const { mail, close } = await openModule(target);
  return { send: (n) => mail.send(mailOf(n)), close };
}

/** An application with the module, and its service. */
export async function openModule(
  target: Target,
  options: Partial<SendGridSmtpOptions> = {},
): Promise<{
  readonly mail: MailService;
  readonly close: () => Promise<void>;
}> {
  const app = await NestFactory.createApplicationContext(
    SendGridSmtpModule.forRoot({ ...ownOptions(target), ...options }),
    { logger: ['error'] },
  );
  app.enableShutdownHooks();
  return { mail: app.get(MailService), close: () => app.close() };
}
