import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';

import { resolveConnection } from '../../lib/outbox/options/connection.js';
import { JobStore } from '../../lib/outbox/store/job-store.js';
import { JobWorker } from '../../lib/outbox/store/job-worker.js';
import type { StoreEntry } from '../../lib/outbox/store/stored-entry.js';
import type { JobVerdict } from '../../lib/outbox/store/taken-job.js';
import { eventually } from './support/eventually.js';
import { STORES } from './support/stores.js';

const LABEL = { v: 1, environment: 'test', lane: 'normal' } as const;
const REASON = { message: 'As the test wants it' };

const VERDICTS: Readonly<Record<string, JobVerdict>> = {
  'm-done': { kind: 'done', erased: { ...LABEL, erased: true } },
  'm-failed': { kind: 'failed', code: 'REJECTED', ...REASON },
  'm-uncertain': { kind: 'uncertain', code: 'OUTCOME_UNKNOWN', ...REASON },
};

function entry(jobId: string, delayMs = 0): StoreEntry {
  const data = { ...LABEL, body: '{}' };
  return { jobId, data, lane: 'normal', delayMs, remembered: true };
}

describe.each(STORES)('tidying %s', (_name, start) => {
  async function worked(
    idempotencyWindowMs: number,
    retentionMs: number,
  ): Promise<JobStore> {
    const server = await start();
    onTestFinished(() => server.remove());
    const connection = resolveConnection(server.url);
    const place = { store: connection, queueName: 'tidied', prefix: 'bull' };
    const keeping = { idempotencyWindowMs, retentionMs };
    const store = new JobStore(place, keeping, () => undefined);
    onTestFinished(() => store.close());
    await store.add(Object.keys(VERDICTS).map((jobId) => entry(jobId)));
    await store.add([entry('m-later', 3_600_000)]);
    const worker = new JobWorker({
      place,
      concurrency: 1,
      lockMs: 5000,
      handle: ({ jobId }) =>
        Promise.resolve(VERDICTS[jobId] ?? { kind: 'returned' }),
      noteUncertain: (jobId) => store.noteUncertain(jobId),
      onTrouble: () => undefined,
    });
    onTestFinished(() => worker.stop(5000));
    worker.start();
    await eventually(
      () => store.counts(),
      ({ waiting, active }) => waiting.normal + active === 0,
    );
    return store;
  }

  async function left(store: JobStore): Promise<string[]> {
    const ids = [...Object.keys(VERDICTS), 'm-later'];
    const found = await Promise.all(ids.map((id) => store.find(id)));
    return found.flatMap((job) => job?.jobId ?? []);
  }

  it('removes what was kept for as long as it was to be, and nothing else', async () => {
    const store = await worked(1000, 3_600_000);
    await store.tidy();

    expect(await left(store)).toHaveLength(4);
    await sleep(1100);
    await store.tidy();
    expect(await left(store)).toEqual(['m-failed', 'm-uncertain', 'm-later']);
    expect(await store.counts()).toMatchObject({
      done: 0,
      failed: 1,
      uncertain: 1,
      delayed: 1,
    });
  });

  it('forgets what failed and what is uncertain in the end', async () => {
    const store = await worked(1000, 1000);
    await sleep(1100);
    await store.tidy();

    expect(await left(store)).toEqual(['m-later']);
    expect(await store.counts()).toMatchObject({
      done: 0,
      failed: 0,
      uncertain: 0,
      delayed: 1,
    });
  });
});
