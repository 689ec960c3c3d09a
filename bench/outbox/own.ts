import 'reflect-metadata';
import { Module, type ModuleMetadata } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { MailService } from '../../lib/mail.service.js';
import { MailOutbox } from '../../lib/outbox/mail-outbox.js';
import { MailOutboxModule } from '../../lib/outbox/mail-outbox.module.js';
import { SendGridSmtpModule } from '../../lib/sendgrid-smtp.module.js';
import { ownOptions } from '../contestants/own-options.js';
import { mailOf } from '../mail.js';
import { type QueueContestant, WorkLog } from './contestant.js';
import { moment, type ProcessSettings } from './orders.js';

@Module({})
class OwnModule {}

/** This library's outbox, with its defaults. */
export async function ownQueue({
  role,
  store: connection,
  queue: queueName,
  target,
}: ProcessSettings): Promise<QueueContestant> {
  const log = new WorkLog();
  if (role === 'worker') timeMarks(log);
  const imports: NonNullable<ModuleMetadata['imports']> = [
    MailOutboxModule.forRoot({
      connection,
      queueName,
      role,
      environment: 'bench',
    }),
  ];
  if (role === 'worker') {
    imports.push(SendGridSmtpModule.forRoot(ownOptions(target)));
  }
  const app = await NestFactory.createApplicationContext(
    { module: OwnModule, imports },
    { logger: ['error'] },
  );
  const outbox = app.get(MailOutbox);
  outbox.events$.subscribe((event) => {
    if (event.type === 'sent') log.accepted(event.id ?? '', moment());
  });
  return {
    enqueue: async (n) => (await outbox.enqueue(mailOf(n))).id,
    enqueueMany: (from, count) => outbox.enqueueMany(entries(from, count)),
    work: () => log.take(),
  };
}

function* entries(
  from: number,
  count: number,
): Generator<{ message: ReturnType<typeof mailOf> }> {
  for (let n = from; n < from + count; n += 1) yield { message: mailOf(n) };
}

/** Notes how long the body of each message waits for its mark in the store. */
function timeMarks(log: WorkLog): void {
  const { prototype } = MailService;
  // oxlint-disable-next-line typescript/unbound-method -- it is called on the service below
  const { sendAfter } = prototype;
  prototype.sendAfter = function timed(message, options, beforeBody) {
    return sendAfter.call(this, message, options, async () => {
      const began = performance.now();
      await beforeBody();
      log.marked(performance.now() - began);
    });
  };
}
