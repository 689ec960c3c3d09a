import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { format } from 'prettier';
import { POSTGRES } from '../../test/support/stores/postgres.js';
import { REDIS } from '../../test/support/stores/redis.js';
import { storePrograms } from '../../test/support/stores/store-programs.js';
import type { StorePackage } from '../../test/support/stores/store-programs.js';
import { versionOf } from '../peers.js';
import { machine } from '../report/machine.js';
import { sectionText } from '../report/markdown.js';
import type { Section } from '../report/section.js';

const INTRODUCTION = `# The outbox, measured

Written by \`npm run bench:outbox\`; every figure is from that one run, the median
with the smallest and the largest value of the rounds. Machines differ and are
noisy, so the ratios say more than the figures.`;

const METHOD = `## How it is measured

- Redis (\`appendfsync always\`) and PostgreSQL (\`fsync\`, its default) write to
  their disk before they answer, as mail that must survive a power cut needs it.
- Every producer and worker is a process of its own; the relay, one that accepts
  at once and counts, and the stores are others. All are on one machine, over
  loopback. Each run has a queue of its own, and libraries take turns within a
  round.
- Each library has its defaults, and ten connections of each worker. A worker
  of the outbox has twice as many messages under way as it has connections. One of
  \`MailerQueueModule\` has five, which cannot be set, over nodemailer's pool; it
  knows Redis only.
- What each guarantees differs: the outbox checks messages, writes a mark and
  holds what may have been sent; \`MailerQueueModule\` does none of these.`;

/** The page docs/benchmarks-outbox.md. */
export async function page(sections: readonly Section[]): Promise<string> {
  const measuredOn = [...machine(), ...(await versions())];
  const parts = [
    INTRODUCTION,
    measuredOn.map((line) => `- ${line}`).join('\n'),
    ...sections.map((section) => sectionText(section)),
    METHOD,
  ];
  return format(parts.join('\n\n'), { parser: 'markdown' });
}

async function versions(): Promise<string[]> {
  return [
    `BullMQ ${versionOf('bullmq', 'own')}, ioredis ${versionOf('ioredis', 'own')}, pg ${versionOf('pg', 'own')}`,
    await storeVersion(REDIS, 'redis-server'),
    await storeVersion(POSTGRES, 'postgres'),
    `@nestjs-modules/mailer ${versionOf('@nestjs-modules/mailer', 'peer')} over BullMQ ${versionOf('bullmq', 'peer')} and nodemailer ${versionOf('nodemailer', 'peer')}`,
  ];
}

/** What a store's program says of itself, in its first words. */
async function storeVersion(of: StorePackage, name: string): Promise<string> {
  const { folder, env } = await storePrograms(of);
  const text = execFileSync(join(folder, name), ['--version'], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  const version = /\d+\.\d+(?:\.\d+)?/.exec(text)?.[0] ?? 'unknown';
  return `${name} ${version}`;
}
