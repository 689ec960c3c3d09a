import { MailError } from 'nestjs-sendgrid-smtp';
import { FakeSendGrid } from 'nestjs-sendgrid-smtp/testing';
import {
  afterEach,
  beforeEach,
  describe,
  expect,
  it,
  onTestFinished,
} from 'vitest';

import type { StoreServer } from '../support/stores/store-server.js';
import { eventually } from './support/eventually.js';
import { startOutbox, type OutboxApp } from './support/outbox-app.js';
import { STORES } from './support/stores.js';

const MESSAGE = { to: 'ada@example.net', subject: 'Hello', text: 'Hi Ada' };

/** More than the 2 seconds that a call may take, for machines that are busy. */
const BOUND_MS = 4000;

describe.each(STORES)('a store that is down: %s', (_name, start) => {
  let store: StoreServer;
  let open: OutboxApp | undefined;

  beforeEach(async () => {
    store = await start();
  });

  afterEach(async () => {
    await open?.app.close();
    open = undefined;
    await store.remove();
  });

  async function started(relay?: FakeSendGrid): Promise<OutboxApp> {
    // What was handed out when the store was lost is taken up again soon.
    open = await startOutbox({ store, relay, outbox: { lockMs: 2000 } });
    return open;
  }

  async function refused({ outbox }: OutboxApp): Promise<MailError> {
    const startedAt = performance.now();
    const error: unknown = await outbox
      .enqueue(MESSAGE, { id: 'refused' })
      .catch((thrown: unknown) => thrown);
    expect(performance.now() - startedAt).toBeLessThan(BOUND_MS);
    expect(error).toBeInstanceOf(MailError);
    const refusal = error as MailError;
    expect(refusal).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      retryable: true,
    });
    return refusal;
  }

  it('fails soon, and works again once it is back', async () => {
    const app = await started();
    await app.outbox.enqueue(MESSAGE, { id: 'before' });
    await store.kill();
    // The end of the connection may not have been noticed yet.
    await refused(app);
    const error = await refused(app);
    await store.start();
    await eventually(
      () => app.outbox.status('before').catch(() => undefined),
      (state) => state === 'waiting',
    );

    expect(error.deliveryState).toBe('not-sent');
    // What was refused as not enqueued is not enqueued later.
    expect(await app.outbox.status('refused')).toBe('absent');
    await app.outbox.enqueue(MESSAGE, { id: 'after' });
    expect(await app.outbox.status('after')).toBe('waiting');
  });

  it('fails soon while it hangs', async () => {
    const app = await started();
    await app.outbox.enqueue(MESSAGE);
    store.freeze();
    const error = await refused(app);
    store.thaw();

    expect(error.deliveryState).toBe('unknown');
    expect(error.message).toContain('with the same `id`');
  });

  it('lets the application start without it, and catches up', async () => {
    const relay = await FakeSendGrid.start();
    onTestFinished(() => relay.stop());
    await store.kill();
    const app = await started(relay);
    const error = await refused(app);
    await store.start();
    await eventually(
      () =>
        app.outbox.enqueue(MESSAGE).then(
          () => true,
          () => false,
        ),
      Boolean,
    );
    await relay.waitFor(1, { timeoutMs: 30_000 });

    expect(error.deliveryState).toBe('not-sent');
    expect(error.message).not.toMatch(/postgres:\/\/|redis:\/\//);
    expect(app.events.map(({ type }) => type)).toContain('store-trouble');
  });

  it('loses nothing when it is killed and restarted under load', async () => {
    const relay = await FakeSendGrid.start();
    onTestFinished(() => relay.stop());
    const app = await started(relay);
    const ids = Array.from({ length: 300 }, (_, i) => `load-${i}`);
    const entries = ids.map((id) => ({
      id,
      message: { ...MESSAGE, subject: id },
    }));
    await app.outbox.enqueueMany(entries);
    await relay.waitFor(20, { timeoutMs: 30_000 });
    await store.kill();
    await store.start();
    await eventually(
      () => app.outbox.metrics().catch(() => undefined),
      (metrics) =>
        metrics !== undefined && metrics.remembered + metrics.uncertain >= 300,
    );

    const { uncertain, failed } = await app.outbox.metrics();
    const subjects = relay.messages.map(({ subject }) => subject);
    const sentTwice = subjects.length - new Set(subjects).size;
    expect({ failed, sentTwice }).toEqual({ failed: 0, sentTwice: 0 });
    const missing = ids.filter((id) => !subjects.includes(id));
    expect(missing.length).toBeLessThanOrEqual(uncertain);
  });
});
