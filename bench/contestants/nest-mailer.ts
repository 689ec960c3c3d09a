import { mailOf } from '../mail.js';
import { loadPeer } from '../peers.js';
import { trusted } from '../trusted.js';
import type { Load, Sender, Target } from './contestant.js';
import { nodemailerOptions } from './nodemailer-options.js';

interface MailerPackage {
  readonly MailerModule: { forRoot(options: object): unknown };
  readonly MailerService: unknown;
}

interface Mailer {
  sendMail(mail: object): Promise<unknown>;
}

interface NestPackage {
  readonly NestFactory: {
    createApplicationContext(
      module: unknown,
      options: object,
    ): Promise<{ get(token: unknown): Mailer; close(): Promise<void> }>;
  };
}

/** @nestjs-modules/mailer over nodemailer's pool, without a template. */
export async function nestMailer(target: Target, _load: Load): Promise<Sender> {
  const { mailer, close } = await openMailer(target);
  return { send: (n) => mailer.sendMail(mailOf(n)), close };
}

/** An application with its module, and its service. */
export async function openMailer(
  target: Target,
  options: object = {},
): Promise<{ readonly mailer: Mailer; readonly close: () => Promise<void> }> {
  loadPeer('reflect-metadata');
  const { NestFactory } = trusted<NestPackage>(loadPeer('@nestjs/core'));
  const { MailerModule, MailerService } = trusted<MailerPackage>(
    loadPeer('@nestjs-modules/mailer'),
  );
  const app = await NestFactory.createApplicationContext(
    MailerModule.forRoot({
      transport: nodemailerOptions(target),
      ...options,
    }),
    { logger: ['error'] },
  );
  return { mailer: app.get(MailerService), close: () => app.close() };
}
