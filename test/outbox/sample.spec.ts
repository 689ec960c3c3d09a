import { describe, expect, it, onTestFinished } from 'vitest';

import { eventually } from './support/eventually.js';
import { SampleProcess, type SampleOptions } from './support/sample-process.js';
import { STORES } from './support/stores.js';

const MAIL = { to: 'ada@example.com', subject: 'Hello', text: 'Hi Ada' };
const VARIABLES = { redis: 'REDIS_URL', postgres: 'DATABASE_URL' } as const;

async function startSample(options: SampleOptions): Promise<SampleProcess> {
  const sample = await SampleProcess.spawn(options);
  onTestFinished(async () => void (await sample.end('SIGKILL')));
  return sample;
}

describe('the sample', () => {
  it.each(STORES)('sends over %s what was posted once', async (name, start) => {
    const store = await start();
    onTestFinished(() => store.remove());
    const env = { [VARIABLES[name]]: store.url };
    const sample = await startSample({ env });
    await eventually(
      () => sample.ask('/mail/stats'),
      (answer) => answer !== undefined,
    );
    const mail = { ...MAIL, id: 'order:1' };
    const first = await sample.ask('/outbox', mail);
    await eventually(
      () => sample.ask('/outbox/order:1'),
      (answer) => JSON.stringify(answer) === '{"state":"sent"}',
    );

    expect(first).toMatchObject({ id: 'order:1' });
    expect(await sample.ask('/outbox', mail)).toEqual(first);
    expect(await sample.ask('/outbox')).toMatchObject({
      remembered: 1,
      failed: 0,
    });
    expect(await sample.ask('/mail/stats')).toMatchObject({
      totals: { accepted: 1 },
    });
    expect(await sample.ask('/outbox', MAIL)).toMatchObject({
      statusCode: 400,
    });
    expect(await sample.end()).toBe(0);
  });

  it('needs no BullMQ without a store', async () => {
    const sample = await startSample({ env: {}, withoutPeers: true });
    await eventually(
      () => sample.ask('/mail/stats'),
      (answer) => answer !== undefined,
    );

    expect(await sample.ask('/outbox')).toMatchObject({ statusCode: 404 });
    expect(await sample.end()).toBe(0);
  });

  it('needs it with one', async () => {
    const env = { REDIS_URL: 'redis://127.0.0.1:1' };
    const sample = await startSample({ env, withoutPeers: true });
    await eventually(
      () => sample.exitCode,
      (code) => code !== null,
    );

    expect(sample.exitCode).not.toBe(0);
    expect(sample.log).toContain('Loads bullmq');
  });
});
