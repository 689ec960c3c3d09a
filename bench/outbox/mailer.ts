import { nodemailerOptions } from '../contestants/nodemailer-options.js';
import { type Mail, mailOf } from '../mail.js';
import { loadPeer } from '../peers.js';
import { trusted } from '../trusted.js';
import { type QueueContestant, WorkLog } from './contestant.js';
import { moment, type ProcessSettings } from './orders.js';

type MailerModuleOf<Key extends string> = Readonly<
  Record<Key, (options: object) => unknown>
>;

interface MailerPackage {
  readonly MailerModule: MailerModuleOf<'forRoot'>;
  readonly MailerQueueModule: MailerModuleOf<'register'>;
  readonly MailerService: {
    readonly prototype: { sendMail(mail: Mail): Promise<unknown> };
  };
  readonly MailerQueueService: unknown;
}

interface QueueService {
  enqueue(mail: Mail): Promise<unknown>;
  enqueueBatch(mails: readonly Mail[]): Promise<unknown>;
}

interface NestPackage {
  readonly NestFactory: {
    createApplicationContext(
      module: object,
      options: object,
    ): Promise<{ get(token: unknown): QueueService }>;
  };
}

// oxlint-disable-next-line typescript/no-extraneous-class -- the peers' Nest wants a class, and no decorator of ours
class MailerBenchModule {}

/**
 * The queue module of @nestjs-modules/mailer over nodemailer's pool, with its
 * defaults. Its module is producer and worker at once.
 */
export async function mailerQueue({
  role,
  store,
  queue: queueName,
  target,
}: ProcessSettings): Promise<QueueContestant> {
  loadPeer('reflect-metadata');
  const { NestFactory } = trusted<NestPackage>(loadPeer('@nestjs/core'));
  const mailer = trusted<MailerPackage>(loadPeer('@nestjs-modules/mailer'));
  const log = new WorkLog();
  const { prototype } = mailer.MailerService;
  if (role === 'worker') timeSends(prototype, log);
  if (role === 'producer') leaveToWorkers();
  const { hostname: host, port } = new URL(store);
  const app = await NestFactory.createApplicationContext(
    {
      module: MailerBenchModule,
      imports: [
        mailer.MailerModule.forRoot({ transport: nodemailerOptions(target) }),
        mailer.MailerQueueModule.register({
          queueName,
          connection: { host, port: Number(port) },
        }),
      ],
    },
    { logger: ['error'] },
  );
  const queue = app.get(mailer.MailerQueueService);
  return {
    enqueue: async (n) => {
      const mail = mailOf(n);
      await queue.enqueue(mail);
      return mail.subject;
    },
    enqueueMany: (from, count) =>
      queue.enqueueBatch(
        Array.from({ length: count }, (_, n) => mailOf(from + n)),
      ),
    work: () => log.take(),
  };
}

function timeSends(
  service: MailerPackage['MailerService']['prototype'],
  log: WorkLog,
): void {
  // oxlint-disable-next-line typescript/unbound-method -- it is called on the service below
  const { sendMail } = service;
  service.sendMail = async function timed(mail) {
    const result = await sendMail.call(this, mail);
    log.accepted(mail.subject, moment());
    return result;
  };
}

interface BullPackage {
  readonly Worker: {
    readonly prototype: { run(): Promise<void> };
  };
}

/** Its worker starts with the module; a producer's must not take anything. */
function leaveToWorkers(): void {
  const { Worker } = trusted<BullPackage>(loadPeer('bullmq'));
  Worker.prototype.run = () => Promise.resolve();
}
