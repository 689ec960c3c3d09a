import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';

import { resolveConnection } from '../../lib/outbox/options/connection.js';
import { openWorker, type QueuePlace } from '../../lib/outbox/store/engine.js';
import { JobStore } from '../../lib/outbox/store/job-store.js';
import { JobWorker } from '../../lib/outbox/store/job-worker.js';
import type { StoreEntry } from '../../lib/outbox/store/stored-entry.js';
import { eventually } from './support/eventually.js';
import { STORES } from './support/stores.js';

const LOCK_MS = 4000;
const KEEPING = { idempotencyWindowMs: 60_000, retentionMs: 60_000 };
const LABEL = { v: 1, environment: 'test', lane: 'normal' } as const;

function entry(jobId: string): StoreEntry {
  const data = { ...LABEL, body: '{}' };
  return { jobId, data, lane: 'normal', delayMs: 0, remembered: true };
}

describe.each(STORES)('what %s handed out unheard', (_name, start) => {
  async function place(): Promise<QueuePlace> {
    const server = await start();
    onTestFinished(() => server.remove());
    const store = resolveConnection(server.url);
    return { store, queueName: 'unheard', prefix: 'bull' };
  }

  function startWorker(
    where: QueuePlace,
    onJob: (jobId: string) => Promise<void>,
  ): JobWorker {
    const worker = new JobWorker({
      place: where,
      concurrency: 1,
      lockMs: LOCK_MS,
      handle: async ({ jobId }) => {
        await onJob(jobId);
        return { kind: 'done', erased: { ...LABEL, erased: true } };
      },
      noteUncertain: () => Promise.resolve(),
      onTrouble: () => undefined,
    });
    onTestFinished(() => worker.stop(5000));
    worker.start();
    return worker;
  }

  /** As a worker does whose connection is lost before it learns of it. */
  async function claim(where: QueuePlace): Promise<void> {
    const lost = openWorker(where, () => Promise.resolve(), {
      lockDuration: LOCK_MS,
    });
    onTestFinished(() => lost.close(true));
    const job = await lost.getNextJob('lost', { block: false });
    expect(job?.id).toBe('m-unheard');
  }

  it('is taken up within twice the lock, however often a share changes', async () => {
    const where = await place();
    const store = new JobStore(where, KEEPING, () => undefined);
    onTestFinished(() => store.close());
    const taken = new Map<string, number>();
    const news = new EventEmitter();
    const claimed = once(news, 'claimed');
    const worker = startWorker(where, async (jobId) => {
      taken.set(jobId, performance.now());
      if (jobId === 'm-first') await claimed;
    });
    await store.add([entry('m-first')]);
    await eventually(
      () => taken.has('m-first'),
      (has) => has,
    );
    await store.add([entry('m-unheard')]);
    await claim(where);
    const claimedAt = performance.now();
    news.emit('claimed');
    // With each raise the engine looks at once, and counts its interval anew.
    for (let concurrency = 2; concurrency < 8; concurrency += 1) {
      await sleep(LOCK_MS / 7);
      worker.resume(concurrency);
    }
    const takenAt = await eventually(
      () => taken.get('m-unheard'),
      (at) => at !== undefined,
    );

    const tookMs = (takenAt ?? Infinity) - claimedAt;
    expect(tookMs).toBeGreaterThan(LOCK_MS * 0.9);
    // Half a lock for a machine that is busy; it was up to three.
    expect(tookMs).toBeLessThan(LOCK_MS * 2.5);
  });
});
