import { describe, expect, it } from 'vitest';
import {
  indexesOf,
  NumberedSource,
  outcomesOf,
  stallAt,
  upTo,
} from './support/numbered.js';
import { recordLogs } from './support/recording-logger.js';
import { RelayedApp } from './support/relayed-app.js';

const logger = recordLogs();
const site = new RelayedApp(logger, {
  defaults: { from: 'Shop <shop@example.com>' },
  pool: { maxConnections: 1, pipelining: 'off' },
});

describe('the signal of sendMany', () => {
  it('takes back what has not left, and lets the rest end', async () => {
    const mail = await site.start({});
    const controller = new AbortController();
    const reason = new Error('Enough');
    const dotIsOut = stallAt(site.relay, 4);
    const source = new NumberedSource(1000);
    const { signal } = controller;
    const run = mail.sendMany(source, { concurrency: 10, signal });
    const outcomes = outcomesOf(run);
    // It does not end as unknown for the abort.
    await dotIsOut;
    controller.abort(reason);
    site.relay.release();

    const all = await outcomes;
    const totals = await run;
    expect(indexesOf(all, 'accepted')).toEqual(upTo(4));
    expect(indexesOf(all, 'not-sent')).toEqual(upTo(source.taken - 1, 5));
    expect(all.find(({ index }) => index === 5)).toMatchObject({
      error: { code: 'ABORTED', cause: reason },
    });
    expect(totals).toMatchObject({
      lowWatermark: 4,
      stopped: { reason: 'aborted', error: { cause: reason } },
    });
    expect(source.closed).toBe(true);
    expect(site.relay.messages).toHaveLength(5);
  });

  it('that has fired before takes nothing', async () => {
    const mail = await site.start({});
    const source = new NumberedSource(3);

    const run = mail.sendMany(source, { signal: AbortSignal.abort() });

    expect(await run).toMatchObject({
      settled: 0,
      lowWatermark: -1,
      stopped: { reason: 'aborted' },
    });
    expect(source.taken).toBe(0);
  });

  it('does not wait for a source that waits', async () => {
    const mail = await site.start({});
    const controller = new AbortController();
    const source: AsyncIterable<never> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => undefined),
      }),
    };
    const run = mail.sendMany(source, { signal: controller.signal });
    const totals = Promise.resolve(run);
    controller.abort();

    expect(await totals).toMatchObject({ stopped: { reason: 'aborted' } });
  });

  it('may fire in the source itself', async () => {
    const mail = await site.start({});
    const controller = new AbortController();
    const { signal } = controller;
    const source = new NumberedSource(1000);
    function* aborting(): Generator<object> {
      for (const message of source) {
        if (source.taken === 3) controller.abort();
        yield message;
      }
    }

    const totals = await mail.sendMany(aborting(), { signal });

    // The third was handed over when nobody wanted it any more.
    expect(totals).toMatchObject({ settled: 2, lowWatermark: -1 });
    expect(source.closed).toBe(true);
  });

  it('that fires later, or never, is let go of', async () => {
    const mail = await site.start({});
    const controller = new AbortController();
    const { signal } = controller;
    const listened = new Set<unknown>();
    signal.addEventListener = (_: string, listener: unknown) =>
      void listened.add(listener);
    signal.removeEventListener = (_: string, listener: unknown) =>
      void listened.delete(listener);

    await mail.sendMany(new NumberedSource(3), { signal });

    expect(listened.size).toBe(0);
  });
});
