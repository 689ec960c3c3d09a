import { setTimeout as sleep } from 'node:timers/promises';
import { FakeSendGrid } from 'nestjs-sendgrid-smtp/testing';
import { describe, expect, it, onTestFinished } from 'vitest';

import { seededRandom } from '../support/seeded-random.js';
import { startOutbox } from './support/outbox-app.js';
import { STORES } from './support/stores.js';
import { WorkerProcess } from './support/worker-process.js';

const JOBS = Number(process.env['OUTBOX_CHAOS_JOBS'] ?? 20_000);
const WORKERS = 3;

describe.each(STORES)('workers killed at random, over %s', (_name, start) => {
  it(`lose none of ${JOBS} messages and send none twice`, async () => {
    const store = await start();
    onTestFinished(() => store.remove());
    const relay = await FakeSendGrid.start({ parse: false });
    onTestFinished(() => relay.stop());
    const producer = await startOutbox({ store });
    const { outbox } = producer;
    await outbox.enqueueMany(numbered());
    const workers = await Promise.all(
      Array.from({ length: WORKERS }, () => WorkerProcess.start(store, relay)),
    );
    const isOver = async (): Promise<boolean> => {
      const metrics = await outbox.metrics();
      return metrics.remembered + metrics.uncertain + metrics.failed >= JOBS;
    };
    const seed = Math.floor(Math.random() * 2 ** 32);
    const random = seededRandom(seed);
    let kills = 0;
    while (!(await isOver())) {
      await sleep(500 + random() * 1000);
      const at = Math.floor(random() * WORKERS);
      await workers[at]?.kill();
      workers[at] = await WorkerProcess.start(store, relay);
      kills += 1;
    }
    const uncertain = await allUncertain(outbox);
    await Promise.all(workers.map((worker) => worker.kill()));

    const sent = relay.messages.map(({ raw }) => numberIn(raw));
    const twice = sent.filter((one, i) => sent.indexOf(one) !== i);
    const reached = new Set([...sent, ...uncertain]);
    const { failed } = await outbox.metrics();
    console.info(
      `Seed ${seed}: ${JOBS} messages, ${kills} workers killed, ` +
        `${sent.length} accepted, ` +
        `${uncertain.length} uncertain`,
    );
    await producer.app.close();
    expect(kills).toBeGreaterThan(2);
    expect({ twice, failed, reached: reached.size }).toEqual({
      twice: [],
      failed: 0,
      reached: JOBS,
    });
  }, 600_000);
});

function* numbered(): Generator<{ id: string; message: object }> {
  for (let i = 0; i < JOBS; i += 1) {
    const subject = `Number ${i}.`;
    const message = { to: 'ada@example.net', subject, text: 'Hi Ada' };
    yield { id: `${i}`, message };
  }
}

function numberIn(raw: Buffer): string {
  return /^Subject: Number (\d+)\./m.exec(raw.toString('latin1'))?.[1] ?? '';
}

async function allUncertain(
  outbox: Awaited<ReturnType<typeof startOutbox>>['outbox'],
): Promise<string[]> {
  const ids: string[] = [];
  for (;;) {
    const page = await outbox.uncertain({ offset: ids.length, limit: 500 });
    if (page.length === 0) return ids;
    ids.push(...page.map(({ id = '' }) => id));
  }
}
