import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';

import { eventually } from './support/eventually.js';
import type { OutboxApp } from './support/outbox-app.js';
import { Stand } from './support/stand.js';
import { STORES } from './support/stores.js';
import {
  WorkerProcess,
  type WorkerProcessOptions,
} from './support/worker-process.js';

const MESSAGE = { to: 'ada@example.net', subject: 'Hello', text: 'Hi Ada' };

describe.each(STORES)('a worker that is lost, over %s', (_name, start) => {
  const stand = new Stand(start);
  let producer: OutboxApp;

  beforeEach(async () => {
    producer = await stand.open({ store: stand.store });
  });

  async function worker(
    options: WorkerProcessOptions = {},
  ): Promise<WorkerProcess> {
    const started = await WorkerProcess.start(
      stand.store,
      stand.relay,
      options,
    );
    onTestFinished(() => started.kill());
    return started;
  }

  /** The next message gets no reply; resolves once all of it has come. */
  function unanswered(): Promise<void> {
    return new Promise((resolve) => {
      const when = (): boolean => {
        resolve();
        return true;
      };
      stand.relay.fail('message', 'stall', { when });
    });
  }

  const becomes = (id: string, wanted: string): Promise<unknown> =>
    eventually(
      () => producer.outbox.status(id),
      (state) => state === wanted,
    );

  it('leaves what had no reply as uncertain, and nobody sends it again', async () => {
    const arrived = unanswered();
    const first = await worker();
    await producer.outbox.enqueue(MESSAGE, { id: 'without-reply' });
    await arrived;
    await becomes('without-reply', 'sending');
    await first.kill();
    await worker();
    await becomes('without-reply', 'uncertain');
    await producer.outbox.enqueue(MESSAGE, { id: 'next' });
    await becomes('next', 'sent');

    expect(stand.relay.messages).toHaveLength(1);
    expect(await producer.outbox.uncertain()).toMatchObject([
      { id: 'without-reply', code: 'OUTCOME_UNKNOWN' },
    ]);
  });

  it('leaves what had not begun to others, who send it once', async () => {
    const first = await worker({ paused: true });
    await producer.outbox.enqueue(MESSAGE, { id: 'not-begun' });
    await becomes('not-begun', 'sending');
    await first.kill();
    await worker();
    await becomes('not-begun', 'sent');

    expect(stand.relay.messages).toHaveLength(1);
  });

  it('sends what may have been sent when `onUnknown` is `resend`', async () => {
    const arrived = unanswered();
    const first = await worker();
    await producer.outbox.enqueue(MESSAGE, { id: 'again' });
    await arrived;
    await first.kill();
    await worker({ outbox: { onUnknown: 'resend' } });
    await becomes('again', 'sent');

    expect(stand.relay.messages).toHaveLength(1);
  });

  it('sends nothing once it thaws, when another has taken over meanwhile', async () => {
    const frozen = await worker({ paused: true });
    await producer.outbox.enqueue(MESSAGE, { id: 'taken-over' });
    await becomes('taken-over', 'sending');
    frozen.signal('SIGSTOP');
    await worker();
    await becomes('taken-over', 'sent');
    frozen.signal('SIGCONT');
    frozen.signal('SIGUSR2');
    // It offers the message, and holds it back before its body.
    await stand.relay.waitUntil(({ mailFrom }) => mailFrom === 2);
    await frozen.kill('SIGTERM');

    expect(stand.relay.messages).toHaveLength(1);
    expect(await producer.outbox.status('taken-over')).toBe('sent');
  });
});
