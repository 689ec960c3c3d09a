// `npm run bench:outbox`: measures, prints, and writes docs/benchmarks-outbox.md.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startPostgres } from '../../test/support/stores/postgres.js';
import { startRedis } from '../../test/support/stores/redis.js';
import type { StoreServer } from '../../test/support/stores/store-server.js';
import { inRepository, installPeers } from '../peers.js';
import { sectionText } from '../report/markdown.js';
import type { Section } from '../report/section.js';
import { Sink } from '../sink/sink.js';
import type { OutboxBench, Row, Scale } from './bench.js';
import { endToEnd } from './end-to-end.js';
import { enqueueRates } from './enqueue.js';
import { latencies } from './latency.js';
import { markCosts } from './marks.js';
import { page } from './page.js';

const PAGE = 'docs/benchmarks-outbox.md';
const USAGE = `npm run bench:outbox -- [--quick]

Measures the outbox over a Redis and a PostgreSQL of its own, prints, and writes
${PAGE}.

  --quick  one short round, nothing written`;

const FULL: Scale = { rounds: 2, seconds: 1, steadySeconds: 5 };
const QUICK: Scale = { rounds: 1, seconds: 0.5, steadySeconds: 2 };

function told(section: Section): Section {
  console.info(`${sectionText(section)}\n`);
  return section;
}

async function measure(bench: OutboxBench): Promise<Section[]> {
  const enqueued = told(await enqueueRates(bench));
  const sent = await endToEnd(bench);
  told(sent.rates);
  const steady = await latencies(bench);
  told(steady.section);
  const marks = told(markCosts(steady.marks, sent.marks));
  return [enqueued, sent.rates, steady.section, marks];
}

function rowsOver(redis: StoreServer, postgres: StoreServer): Row[] {
  return [
    { name: 'the outbox over Redis', owner: 'own', store: redis },
    { name: 'the outbox over PostgreSQL', owner: 'own', store: postgres },
    {
      name: "@nestjs-modules/mailer's `MailerQueueModule`, over Redis",
      owner: 'mailer',
      store: redis,
    },
  ];
}

async function benchOf(scale: Scale): Promise<Section[]> {
  const redis = await startRedis();
  try {
    const postgres = await startPostgres();
    const sink = await Sink.start();
    try {
      return await measure({ rows: rowsOver(redis, postgres), sink, scale });
    } finally {
      await sink.stop();
      await postgres.remove();
    }
  } finally {
    await redis.remove();
  }
}

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
  },
});

if (values.help) console.info(USAGE);
else {
  installPeers();
  const sections = await benchOf(values.quick ? QUICK : FULL);
  if (!values.quick) {
    writeFileSync(inRepository(PAGE), await page(sections));
    console.info(`Written to ${PAGE}`);
  }
}
