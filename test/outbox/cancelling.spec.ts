import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';

import { eventually } from './support/eventually.js';
import type { OutboxApp } from './support/outbox-app.js';
import { Stand } from './support/stand.js';
import { STORES } from './support/stores.js';
import { WorkerProcess } from './support/worker-process.js';

const MESSAGE = { to: 'ada@example.net', text: 'Hi Ada' };

describe.each(STORES)('cancelling a message, over %s', (_name, start) => {
  const stand = new Stand(start);
  let app: OutboxApp;

  beforeEach(async () => {
    app = await stand.open({ store: stand.store });
  });

  async function worker(): Promise<WorkerProcess> {
    const started = await WorkerProcess.start(stand.store, stand.relay);
    onTestFinished(() => started.kill());
    return started;
  }

  const settled = (): Promise<unknown> =>
    eventually(
      () => app.outbox.metrics(),
      ({ waiting, sending, delayed }) =>
        waiting.normal + sending + delayed === 0,
    );

  it.each([true, false])(
    'has it not sent where it says so, and sent where not (ids: %s)',
    async (named) => {
      const { outbox } = app;
      await worker();
      const subjects = Array.from({ length: 160 }, (_, i) => `Number ${i}`);
      const cancelled: string[] = [];
      const rest = [...subjects];
      const cancelSome = async (): Promise<void> => {
        for (let subject = rest.pop(); subject; subject = rest.pop()) {
          const message = { ...MESSAGE, subject };
          const id = named ? `cancelled ${subject}` : undefined;
          const ticket = await outbox.enqueue(message, { id });
          if (await outbox.cancel(ticket)) cancelled.push(subject);
        }
      };
      await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(cancelSome));
      await settled();
      const sent = stand.relay.messages.map(({ subject }) => subject);

      const both = [...sent, ...cancelled];
      expect(new Set(both)).toEqual(new Set(subjects));
      expect(both).toHaveLength(subjects.length);
      const { uncertain, failed } = await outbox.metrics();
      expect({ uncertain, failed }).toEqual({ uncertain: 0, failed: 0 });
    },
  );

  it('leaves alone what a lost worker may have sent', async () => {
    const { outbox } = app;
    const arrived = new Promise<void>((resolve) => {
      const when = (): boolean => {
        resolve();
        return true;
      };
      stand.relay.fail('message', 'stall', { when });
    });
    const lost = await worker();
    await outbox.enqueue(MESSAGE, { id: 'perhaps' });
    await arrived;
    await lost.kill();
    // Whoever finds it has it wait again, and has no connection to send by.
    await stand.relay.stop();
    const states: string[] = [];
    await worker();
    await eventually(
      async () => {
        expect(await outbox.cancel('perhaps')).toBe(false);
        states.push(await outbox.status('perhaps'));
        return states.at(-1);
      },
      (state) => state === 'uncertain',
    );

    expect(states).not.toContain('absent');
  });
});
