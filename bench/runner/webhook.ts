import 'reflect-metadata';
import { fork, type ChildProcess } from 'node:child_process';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SendGridSmtpModule } from '../../lib/sendgrid-smtp.module.js';
import { SendGridWebhook } from '../../lib/webhook/sendgrid-webhook.js';
import { SendGridWebhookModule } from '../../lib/webhook/sendgrid-webhook.module.js';
import { verifySignature } from '../../lib/webhook/signature/verify-signature.js';
import { Posts } from '../webhook/posts.js';
import { Told } from '../webhook/told.js';
import type { PosterJob } from '../webhook/poster.js';
import type { WebhookCost, WebhookJob } from './job.js';
import { keepApart } from './one-core.js';
import { PeakMemory } from './peak-memory.js';

/** Posts that are asked for at a time; twice as many may be under way. */
const AT_A_TIME = 8;

@Module({})
class AppModule {}

/** Runs a {@link WebhookJob} in this process; the posts come from another. */
export async function measureWebhook(job: WebhookJob): Promise<WebhookCost> {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const publicKey = keys.publicKey.export({ type: 'spki', format: 'der' });
  const app = await NestFactory.create(
    {
      module: AppModule,
      imports: [
        SendGridSmtpModule.forRoot({ mode: 'discard' }),
        SendGridWebhookModule.forRoot({
          publicKeys: publicKey.toString('base64'),
        }),
      ],
    },
    { logger: ['error'] },
  );
  await app.listen(0, '127.0.0.1');
  const told = new Told();
  app.get(SendGridWebhook).events$.subscribe(() => told.add());
  const poster = await posterOf({
    url: `${await app.getUrl()}/sendgrid/events`,
    privateKey: String(
      keys.privateKey.export({ type: 'pkcs8', format: 'pem' }),
    ),
    events: job.events,
  });
  const onOneCore = keepApart(process.pid, poster.pid ?? 0);

  await take(poster, told, job, job.warmUp);
  const memory = new PeakMemory();
  const cpu = process.cpuUsage();
  const began = performance.now();
  await take(poster, told, job, job.posts);
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const peakRss = memory.stop();
  poster.disconnect();
  await app.close();
  const posts = new Posts(job.events, keys.privateKey);
  return {
    cpuUs: (user + system) / job.posts,
    perSecond: job.posts / seconds,
    onOneCore,
    verifyUs: verificationUs(posts, keys.publicKey),
    bytes: posts.bytes,
    peakRss,
  };
}

async function posterOf(job: PosterJob): Promise<ChildProcess> {
  const poster = fork(new URL('../webhook/poster.js', import.meta.url));
  poster.send(job);
  poster.once('exit', (code) => {
    // A post was refused: nothing more would come.
    if (code !== 0) process.exit(code ?? 1);
  });
  await once(poster, 'message');
  return poster;
}

/**
 * Has so many posts made, and resolves once their events are told of. The next
 * ones are asked for before those at hand are handled, so that there is always
 * work, and few enough that none waits in memory for long.
 */
async function take(
  poster: ChildProcess,
  told: Told,
  { events }: WebhookJob,
  count: number,
): Promise<void> {
  const blocks: number[] = [];
  for (let left = count; left > 0; left -= AT_A_TIME) {
    blocks.push(Math.min(left, AT_A_TIME));
  }
  poster.send(blocks[0] ?? 0);
  for (const [at, posts] of blocks.entries()) {
    poster.send(blocks[at + 1] ?? 0);
    await told.next(posts * events);
  }
}

/** Microseconds of CPU for the check of one signature. */
function verificationUs(posts: Posts, key: KeyObject): number {
  const rounds = 200;
  const signed = posts.next();
  const [, signature = '', timestamp = ''] = Object.values(signed.headers);
  const post = { signature, timestamp, body: signed.body };
  const cpu = process.cpuUsage();
  for (let n = 0; n < rounds; n += 1) {
    if (!verifySignature(post, [key])) throw new Error('It is not verified');
  }
  const { user, system } = process.cpuUsage(cpu);
  return (user + system) / rounds;
}
