import { setTimeout as sleep } from 'node:timers/promises';
import { FakeSendGrid } from 'nestjs-sendgrid-smtp/testing';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  onTestFinished,
  vi,
} from 'vitest';

import type { StoreServer } from '../support/stores/store-server.js';
import { eventually } from './support/eventually.js';
import { LEASE_MS } from './support/fleet-of.js';
import { startOutbox, type OutboxApp } from './support/outbox-app.js';
import { STORES } from './support/stores.js';
import { WorkerProcess } from './support/worker-process.js';

const MESSAGE = { to: 'ada@example.net', subject: 'Hello', text: 'Hi Ada' };
const PATIENCE = { timeout: 60_000, interval: 50 };

describe.each(STORES)('four workers of a fleet, over %s', (_name, start) => {
  let store: StoreServer;
  let relay: FakeSendGrid;
  let producer: OutboxApp;
  let workers: WorkerProcess[];
  let queues = 0;

  beforeAll(async () => {
    store = await start();
  });

  afterAll(() => store.remove());

  beforeEach(async () => {
    relay = await FakeSendGrid.start({ parse: false, latencyMs: 10 });
  });

  afterEach(() => relay.stop());

  async function started(
    maxConnections: number,
    lockMs = 30_000,
  ): Promise<void> {
    queues += 1;
    const outbox = {
      queueName: `queue-${queues}`,
      lockMs,
      fleet: { maxConnections, leaseMs: LEASE_MS },
    };
    // More for each than all may have.
    const pool = { maxConnections: 10, idleTimeoutMs: 60_000 };
    producer = await startOutbox({ store, outbox });
    onTestFinished(() => producer.app.close());
    workers = await Promise.all(
      [1, 2, 3, 4].map(() =>
        WorkerProcess.start(store, relay, { outbox, mail: { pool } }),
      ),
    );
    onTestFinished(async () => {
      await Promise.all(workers.map((worker) => worker.kill()));
    });
  }

  async function enqueue(messages: number): Promise<void> {
    await producer.outbox.enqueueMany(
      Array.from({ length: messages }, () => ({ message: MESSAGE })),
    );
  }

  async function share(...connections: number[]): Promise<void> {
    await vi.waitFor(async () => {
      const { workers: all } = await producer.outbox.fleet();
      const held = all.map((worker) => worker.connections);
      expect(held.toSorted((a, b) => a - b)).toEqual(connections);
    }, PATIENCE);
  }

  async function followed(): Promise<void> {
    await vi.waitFor(async () => {
      const { workers: all } = await producer.outbox.fleet();
      expect(all.map(({ upToDate }) => upToDate)).toEqual([
        true,
        true,
        true,
        true,
      ]);
    }, PATIENCE);
  }

  async function sent(messages: number): Promise<void> {
    const isSent = ({ accepted }: { readonly accepted: number }): boolean =>
      accepted >= messages;
    await relay.waitUntil(isSent, { timeoutMs: 90_000 });
  }

  it('use all connections, and never one too many', async () => {
    await started(12);
    await enqueue(3000);
    await share(3, 3, 3, 3);
    await sent(3000);

    expect(relay.counters).toMatchObject({ maxOpen: 12, accepted: 3000 });
    await workers[0]?.kill('SIGTERM');
    await share(4, 4, 4);
    await enqueue(500);
    await sent(3500);
    expect(relay.counters).toMatchObject({ maxOpen: 12, accepted: 3500 });
  });

  it('get everything sent where there are fewer connections than workers', async () => {
    await started(2);
    await enqueue(200);
    await sent(200);
    await enqueue(1);
    await sent(201);

    expect(relay.counters).toMatchObject({ maxOpen: 2, accepted: 201 });
  });

  it('pause together, hand back what they have, and go on together', async () => {
    await started(12);
    await enqueue(3000);
    await sent(100);
    await producer.outbox.pause('an incident');
    await followed();
    const { waiting } = await eventually(
      () => producer.outbox.metrics(),
      ({ sending }) => sending === 0,
    );
    const { accepted } = relay.counters;
    await sleep(1500);

    expect((await producer.outbox.fleet()).paused).toBe('an incident');
    expect(relay.counters.accepted).toBe(accepted);
    expect(waiting.normal).toBe(3000 - accepted);
    await producer.outbox.resume();
    await sent(3000);
    expect(await producer.outbox.uncertain()).toEqual([]);
    expect(relay.counters).toMatchObject({ maxOpen: 12, accepted: 3000 });
  });

  it('keep to the rate that is set while they run', async () => {
    await started(12);
    await producer.outbox.setRateLimit({ messages: 20, perMs: 1000 });
    await followed();
    await enqueue(600);
    await sent(20);
    const at = performance.now();
    const { accepted } = relay.counters;
    await sleep(4000);
    const windows = Math.ceil((performance.now() - at) / 1000) + 1;

    expect(relay.counters.accepted).toBeGreaterThan(accepted);
    expect(relay.counters.accepted - accepted).toBeLessThanOrEqual(
      20 * windows,
    );
    await producer.outbox.setRateLimit(undefined);
    await sent(600);
    expect(relay.counters.accepted).toBe(600);
  });

  it('hold nothing while the store is gone, and send the rest after it', async () => {
    // What was taken as the store went stays taken for up to twice that.
    await started(12, 6000);
    await enqueue(2000);
    await sent(100);
    await store.stop();
    await vi.waitFor(() => expect(relay.counters.open).toBe(0), PATIENCE);
    const { accepted } = relay.counters;
    await store.start();
    await share(3, 3, 3, 3);
    await vi.waitFor(async () => {
      const { waiting, sending, delayed } = await producer.outbox.metrics();
      expect(waiting.normal + sending + delayed).toBe(0);
    }, PATIENCE);
    const { uncertain } = await producer.outbox.metrics();

    expect(accepted).toBeLessThan(2000);
    expect(relay.counters.maxOpen).toBe(12);
    expect(relay.counters.accepted).toBeLessThanOrEqual(2000);
    expect(relay.counters.accepted + uncertain).toBeGreaterThanOrEqual(2000);
  });
});
