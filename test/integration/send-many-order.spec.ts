import { describe, expect, it } from 'vitest';
import type { SendOutcome } from 'nestjs-sendgrid-smtp';
import { at, NumberedSource } from './support/numbered.js';
import { recordLogs } from './support/recording-logger.js';
import { RelayedApp } from './support/relayed-app.js';

const logger = recordLogs();
const site = new RelayedApp(logger, {
  defaults: { from: 'Shop <shop@example.com>' },
  pool: { maxConnections: 2, pipelining: 'off' },
});

describe('the outcomes of sendMany', () => {
  it('come as messages end, not as they stand in the list', async () => {
    const mail = await site.start({});
    site.relay.fail('message', 'stall', at(0));
    const run = mail.sendMany(new NumberedSource(5));
    const order: number[] = [];
    const marks: number[] = [];

    for await (const { index } of run) {
      order.push(index);
      marks.push(run.totals.lowWatermark);
      if (order.length === 4) site.relay.release();
    }

    expect(order).toEqual([1, 2, 3, 4, 0]);
    // Behind the first, nothing counts before it has ended.
    expect(marks.slice(0, 4)).toEqual([-1, -1, -1, -1]);
    expect(marks[4]).toBe(4);
  });

  it('can be asked for ahead', async () => {
    const mail = await site.start({});
    const run = mail.sendMany(new NumberedSource(2));
    const iterator = run[Symbol.asyncIterator]();

    const results = await Promise.all([
      iterator.next(),
      iterator.next(),
      iterator.next(),
    ]);

    const values = results.map(({ value }): SendOutcome | undefined => value);
    expect(values.map((outcome) => outcome?.status)).toEqual([
      'accepted',
      'accepted',
      undefined,
    ]);
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });
});
