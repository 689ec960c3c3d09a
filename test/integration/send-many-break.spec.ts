import { describe, expect, it, vi } from 'vitest';
import type { MailEvent, MailMessage } from 'nestjs-sendgrid-smtp';
import { at, numbered, NumberedSource } from './support/numbered.js';
import { recordLogs } from './support/recording-logger.js';
import { RelayedApp } from './support/relayed-app.js';

const logger = recordLogs();
const site = new RelayedApp(logger, {
  defaults: { from: 'Shop <shop@example.com>' },
  pool: { maxConnections: 2, pipelining: 'off' },
});

describe('leaving the loop over sendMany', () => {
  it('stops the source, and what is under way ends by itself', async () => {
    const mail = await site.start({});
    const events: MailEvent[] = [];
    mail.events$.subscribe((event) => events.push(event));
    site.relay.fail('message', 'stall', at(0));
    const source = new NumberedSource(1000);
    const run = mail.sendMany(source, { concurrency: 5 });

    for await (const { index } of run) {
      expect(index).toBe(1);
      break;
    }
    const { taken } = source;

    // The loop was left although the first message had not ended.
    expect(source.closed).toBe(true);
    expect(run.totals).toMatchObject({
      lowWatermark: -1,
      stopped: { reason: 'break' },
    });
    site.relay.release();
    const totals = await run;
    expect(totals).toMatchObject({ accepted: taken, lowWatermark: taken - 1 });
    expect(source.taken).toBe(taken);
    await vi.waitFor(() => {
      const sent = events.filter(({ type }) => type === 'sent');
      expect(sent).toHaveLength(taken);
    });
  });

  it('does not wait for a source that waits', async () => {
    const mail = await site.start({});
    const asked = vi.fn();
    async function* source(): AsyncGenerator<MailMessage> {
      yield numbered(0);
      asked();
      await new Promise(() => undefined);
    }
    const run = mail.sendMany(source());

    for await (const { index } of run) {
      expect(index).toBe(0);
      await vi.waitFor(() => expect(asked).toHaveBeenCalled());
      break;
    }

    expect(await run).toMatchObject({ accepted: 1, lowWatermark: 0 });
  });

  it('before its first outcome was asked for takes nothing', async () => {
    const mail = await site.start({});
    const source = new NumberedSource(3);
    const run = mail.sendMany(source);
    const iterator = run[Symbol.asyncIterator]();
    await iterator.return?.();

    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    expect(await run).toMatchObject({ settled: 0, lowWatermark: -1 });
    expect(source.taken).toBe(0);
  });

  it('by an exception of its body is the same', async () => {
    const mail = await site.start({});
    const source = new NumberedSource(1000);
    const run = mail.sendMany(source, { concurrency: 5 });
    const loop = async (): Promise<void> => {
      for await (const { index } of run) throw new Error(`Thrown at ${index}`);
    };

    await expect(loop()).rejects.toThrow('Thrown at');

    expect(source.closed).toBe(true);
    expect((await run).accepted).toBe(source.taken);
  });
});
