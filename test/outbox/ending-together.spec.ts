import { setTimeout as sleep } from 'node:timers/promises';
import { FakeSendGrid } from 'nestjs-sendgrid-smtp/testing';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';

import { startPostgres } from '../support/stores/postgres.js';
import { eventually } from './support/eventually.js';
import { WorkerProcess } from './support/worker-process.js';

async function sessionOf(
  client: pg.Client,
  name: string,
): Promise<number | undefined> {
  const { rows } = await client.query<{ pid: number }>(
    'SELECT pid FROM pg_stat_activity WHERE application_name = $1',
    [name],
  );
  return rows[0]?.pid;
}

describe('a worker that ends with its PostgreSQL', () => {
  it('ends in good order when its session is ended at that moment', async () => {
    const store = await startPostgres();
    onTestFinished(() => store.remove());
    const relay = await FakeSendGrid.start();
    onTestFinished(() => relay.stop());
    const worker = await WorkerProcess.start(store, relay);
    onTestFinished(() => worker.kill());
    const client = new pg.Client({ connectionString: store.url });
    await client.connect();
    const pid = await eventually(
      () => sessionOf(client, 'mail-outbox'),
      (found) => found !== undefined,
    );
    if (pid === undefined) throw new Error('No session');
    await client.end();
    process.kill(pid, 'SIGSTOP');
    const ended = worker.kill('SIGTERM');
    // By then it waits for the end of the session that it heard of jobs by.
    await sleep(1000);
    process.kill(pid, 'SIGTERM');
    process.kill(pid, 'SIGCONT');
    await ended;

    expect(worker.errors).toBe('');
  });
});
