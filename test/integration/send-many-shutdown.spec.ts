import { describe, expect, it, vi } from 'vitest';
import type { DrainReport } from 'nestjs-sendgrid-smtp';
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

const SHUTDOWN = { reason: 'shutdown' };

describe('sendMany in a shutdown', () => {
  it('takes no more, and what was taken goes out', async () => {
    const reports: DrainReport[] = [];
    const onReport = (report: DrainReport): void => void reports.push(report);
    const mail = await site.start({ shutdown: { onReport } });
    const stalled = stallAt(site.relay, 3);
    const source = new NumberedSource(1000);
    const run = mail.sendMany(source, { concurrency: 10 });
    const outcomes = outcomesOf(run);
    await stalled;
    const closing = site.app.close();
    await vi.waitFor(() => expect(source.closed).toBe(true));
    const { taken } = source;
    site.relay.release();
    await closing;

    expect(indexesOf(await outcomes, 'accepted')).toEqual(upTo(taken - 1));
    expect(source.taken).toBe(taken);
    expect(await run).toMatchObject({
      lowWatermark: taken - 1,
      stopped: SHUTDOWN,
    });
    expect(reports).toMatchObject([{ notSent: 0 }]);
    const stops = logger.ours.filter((line) => line.includes('has stopped'));
    expect(stops).toHaveLength(1);
    expect(stops[0]).toContain(`resumed with index ${taken}`);
  });

  it('leaves to be resumed what its time did not suffice for', async () => {
    const mail = await site.start({ shutdown: { timeoutMs: 300 } });
    const stalled = stallAt(site.relay, 3);
    const source = new NumberedSource(1000);
    const run = mail.sendMany(source, { concurrency: 10 });
    const totals = Promise.resolve(run);
    await stalled;
    await site.app.close();

    // The dot of the fourth was out: sent again, it might come twice.
    expect(await totals).toMatchObject({
      accepted: 3,
      unknown: 1,
      notSent: source.taken - 4,
      lowWatermark: 3,
      stopped: SHUTDOWN,
    });
    site.relay.release();
  });

  it('takes nothing that begins later', async () => {
    const mail = await site.start({});
    await site.app.close();
    const source = new NumberedSource(3);

    const totals = await mail.sendMany(source);

    expect(totals).toMatchObject({ settled: 0, stopped: SHUTDOWN });
    expect(source.taken).toBe(0);
  });

  it('stops at `drain` as well', async () => {
    const mail = await site.start({});
    const source = new NumberedSource(100_000);
    const run = mail.sendMany(source);
    const totals = Promise.resolve(run);
    await vi.waitFor(() => expect(run.totals.accepted).toBeGreaterThan(0));
    const report = await mail.drain();

    const { accepted, lowWatermark, stopped } = await totals;
    expect(stopped).toEqual(SHUTDOWN);
    expect(accepted).toBe(source.taken);
    expect(lowWatermark).toBe(accepted - 1);
    expect(report.notSent).toBe(0);
  });

  it('does not wait for a slow reader', async () => {
    const mail = await site.start({});
    const source = new NumberedSource(1000);
    const run = mail.sendMany(source, { concurrency: 5 });
    const iterator = run[Symbol.asyncIterator]();
    await iterator.next();
    await site.app.close();

    let read = 1;
    while ((await iterator.next()).done !== true) read += 1;
    expect(read).toBe(source.taken);
  });
});
