import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import 'reflect-metadata';
import { SendGridSmtpModule } from '../../../lib/index.js';
import type { SendGridSmtpModuleOptions } from '../../../lib/index.js';
import { MailService } from '../../../lib/mail.service.js';
import { MailOutbox, MailOutboxModule } from '../../../lib/outbox/index.js';
import type { MailOutboxModuleOptions } from '../../../lib/outbox/index.js';

@Module({})
class WorkerModule {}

/** What a process that sends is told, as the JSON of its first argument. */
export interface WorkerProgramOptions {
  readonly outbox: MailOutboxModuleOptions;
  readonly mail: SendGridSmtpModuleOptions;

  /** Takes messages, and holds them until SIGUSR2. */
  readonly paused?: boolean;
}

const { outbox, mail, paused }: WorkerProgramOptions = JSON.parse(
  process.argv[2] ?? '',
);

const app = await NestFactory.createApplicationContext(
  {
    module: WorkerModule,
    imports: [
      SendGridSmtpModule.forRoot(mail),
      MailOutboxModule.forRoot(outbox),
    ],
  },
  { logger: false },
);
app.enableShutdownHooks(['SIGTERM']);
if (paused === true) app.get(MailService).pause('as it was told');
process.on('SIGUSR2', () => app.get(MailService).resume());
app.get(MailOutbox).events$.subscribe((event) => {
  process.stdout.write(`${JSON.stringify(event)}\n`);
});
process.stdout.write('{"type":"started"}\n');
