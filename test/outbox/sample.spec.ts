import { describe, expect, it, onTestFinished } from 'vitest';

import { eventually } from './support/eventually.js';
import { SampleProcess, type SampleOptions } from './support/sample-process.js';
import { STORES } from './support/stores.js';

const MAIL = { to: 'ada@example.com', subject: 'Hello', text: 'Hi Ada' };
const MINIMAL = 'sample/dist/main.js';
const OUTBOX = 'samples/dist/samples/outbox/main.js';
const VARIABLES = { redis: 'REDIS_URL', postgres: 'DATABASE_URL' } as const;

async function startSample(options: SampleOptions): Promise<SampleProcess> {
  const sample = await SampleProcess.spawn(options);
  onTestFinished(async () => void (await sample.end('SIGKILL')));
  return sample;
}

describe('the samples', () => {
  it.each(STORES)('sends over %s what was posted once', async (name, start) => {
    const store = await start();
    onTestFinished(() => store.remove());
    const env = { [VARIABLES[name]]: store.url };
    const sample = await startSample({ program: OUTBOX, env });
    await eventually(
      () => sample.ask('/outbox'),
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
    expect(await sample.ask('/outbox', MAIL)).toMatchObject({
      statusCode: 400,
    });
    expect(await sample.end()).toBe(0);
  });

  it('need no BullMQ without an outbox', async () => {
    const sample = await startSample({
      program: MINIMAL,
      env: {},
      withoutPeers: true,
    });
    await eventually(
      () => sample.ask('/mail/stats'),
      (answer) => answer !== undefined,
    );

    expect(await sample.end()).toBe(0);
  });

  it('say which store they need', async () => {
    const sample = await startSample({ program: OUTBOX, env: {} });
    await eventually(
      () => sample.exitCode,
      (code) => code !== null,
    );

    expect(sample.exitCode).not.toBe(0);
    expect(sample.log).toContain('Set REDIS_URL or DATABASE_URL');
  });

  it('need BullMQ with an outbox', async () => {
    const env = { REDIS_URL: 'redis://127.0.0.1:1' };
    const options = { program: OUTBOX, env, withoutPeers: true };
    const sample = await startSample(options);
    await eventually(
      () => sample.exitCode,
      (code) => code !== null,
    );

    expect(sample.exitCode).not.toBe(0);
    expect(sample.log).toContain('Loads bullmq');
  });
});
