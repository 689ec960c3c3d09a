import { afterEach, describe, expect, it, vi } from 'vitest';
import { FakeSendGrid } from 'nestjs-sendgrid-smtp/testing';
import { MailingProcess } from './support/mailing-process.js';

const DEFAULTS = { from: 'shop@example.com', subject: 'Welcome' };

let relay: FakeSendGrid;
afterEach(() => relay.stop());

async function start(env: NodeJS.ProcessEnv = {}): Promise<MailingProcess> {
  const options = {
    ...relay.options,
    defaults: DEFAULTS,
    pool: { maxConnections: 2 },
    queue: { failFastAfterMs: 60_000 },
  };
  return MailingProcess.start({
    MAIL_OPTIONS: JSON.stringify(options),
    TIMEOUT_MS: '15000',
    ...env,
  });
}

/** Waits until the process has so much mail to deliver. */
async function pending(pod: MailingProcess, messages: number): Promise<void> {
  const asked = async (): Promise<void> => {
    expect(await pod.pending()).toBe(messages);
  };
  await vi.waitFor(asked, 10_000);
}

/** Sends requests until they are refused; resolves with the answers there were. */
async function load(pod: MailingProcess): Promise<number[]> {
  const answers: number[] = [];
  const client = async (): Promise<void> => {
    for (;;) {
      try {
        answers.push(await pod.request());
      } catch (error) {
        // The port is closed, or was when the request came; all else fails.
        const { code } = (error as { cause?: { code?: string } }).cause ?? {};
        if (code === 'ECONNREFUSED' || code === 'ECONNRESET') return;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: 20 }, client));
  return answers;
}

describe('SIGTERM under load', { timeout: 40_000 }, () => {
  it.each(['own', 'nest'])(
    'answers every request, delivers all, and exits by itself (%s handler)',
    async (SIGNALS) => {
      relay = await FakeSendGrid.start({ latencyMs: 20, parse: false });
      const pod = await start({ SIGNALS });
      const answers = load(pod);
      await relay.waitFor(50);
      const before = relay.messages.length;
      pod.terminate();

      const { code, signal, tookMs, errors } = await pod.ended();
      expect({ code, signal, errors }).toEqual({
        code: 0,
        signal: null,
        errors: '',
      });
      expect(tookMs).toBeLessThan(15_000);
      const statuses = await answers;
      expect(new Set(statuses)).toEqual(new Set([200]));
      expect(relay.messages).toHaveLength(2 * statuses.length);
      expect(pod.reports).toHaveLength(1);
      expect(pod.reports[0]).toMatchObject({
        rejected: 0,
        unknown: 0,
        notSent: 0,
        abandoned: [],
      });
      expect(pod.reports[0]?.accepted).toBeGreaterThan(0);
      expect(pod.reports[0]?.accepted).toBeLessThanOrEqual(
        relay.messages.length - before + 2,
      );
      expect(relay.counters.closedWithoutQuit).toBe(0);
    },
  );

  it('leaves no handle open', async () => {
    relay = await FakeSendGrid.start({ latencyMs: 5 });
    const pod = await start();
    const answers = load(pod);
    await relay.waitFor(5);
    pod.terminate();

    expect(await pod.ended()).toMatchObject({ code: 0 });
    await answers;
    expect(pod.told).toMatchObject({ closed: true, code: 0 });
    const ours = pod.told.left?.filter((name) => !/Pipe|TTY/.test(name));
    expect(ours).toEqual([]);
  });

  it('reports what a relay that takes nothing left over, and exits in time', async () => {
    relay = await FakeSendGrid.start();
    relay.fail('mail', 'stall', { times: 1000 });
    const pod = await start({ TIMEOUT_MS: '1000' });
    const requests = Array.from({ length: 10 }, () => pod.request());
    await pending(pod, 20);
    pod.terminate();
    pod.terminate();

    const { code, tookMs } = await pod.ended();
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(5000);
    expect(new Set(await Promise.all(requests))).toEqual(new Set([500]));
    expect(pod.reports).toMatchObject([{ accepted: 0, notSent: 20 }]);
    const subjects = pod.reports[0]?.abandoned.map(
      ({ message }) => message.subject,
    );
    expect(subjects).toHaveLength(20);
    expect(subjects?.filter((subject) => subject === 'Queued')).toHaveLength(
      10,
    );
  });

  it('does not send what a pause holds, nor wait for it', async () => {
    relay = await FakeSendGrid.start();
    const pod = await start({ PAUSED: 'Template 7' });
    const requests = Array.from({ length: 5 }, () => pod.request());
    await pending(pod, 10);
    pod.terminate();

    const { code, tookMs } = await pod.ended();
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(5000);
    await Promise.all(requests);
    expect(pod.reports).toMatchObject([{ accepted: 0, notSent: 10 }]);
    expect(pod.reports[0]?.abandoned).toHaveLength(10);
    expect(relay.counters.accepted).toBe(0);
  });
});
