import { mailOf } from '../mail.js';
import { loadPeer } from '../peers.js';
import { trusted } from '../trusted.js';
import type { Load, Sender, Target } from './contestant.js';
import { nodemailerOptions } from './nodemailer-options.js';

interface MailerPackage {
  readonly MailerModule: { forRoot(options: object): unknown };
  readonly MailerService: unknown;
}

interface NestPackage {
  readonly NestFactory: {
    createApplicationContext(
      module: unknown,
      options: object,
    ): Promise<{
      get(token: unknown): { sendMail(mail: object): Promise<unknown> };
      close(): Promise<void>;
    }>;
  };
}

/** @nestjs-modules/mailer over nodemailer's pool, without a template. */
export async function nestMailer(target: Target, _load: Load): Promise<Sender> {
  loadPeer('reflect-metadata');
  const { NestFactory } = trusted<NestPackage>(loadPeer('@nestjs/core'));
  const { MailerModule, MailerService } = trusted<MailerPackage>(
    loadPeer('@nestjs-modules/mailer'),
  );
  const app = await NestFactory.createApplicationContext(
    MailerModule.forRoot({ transport: nodemailerOptions(target) }),
    { logger: ['error'] },
  );
  const mailer = app.get(MailerService);
  return {
    send: (n) => mailer.sendMail(mailOf(n)),
    close: () => app.close(),
  };
}
