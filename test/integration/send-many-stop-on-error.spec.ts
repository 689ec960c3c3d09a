import { describe, expect, it } from 'vitest';
import {
  at,
  indexesOf,
  NumberedSource,
  outcomesOf,
  upTo,
} from './support/numbered.js';
import { recordLogs } from './support/recording-logger.js';
import { RelayedApp } from './support/relayed-app.js';

const logger = recordLogs();
const site = new RelayedApp(logger, {
  defaults: { from: 'Shop <shop@example.com>' },
  pool: { maxConnections: 1, pipelining: 'off' },
  retry: { maxAttempts: 1 },
});

describe('stopOnError', () => {
  it('stops at the first message that is not accepted', async () => {
    const mail = await site.start({});
    site.relay.fail('rcpt', '550 No such user', at(3, 4));
    const source = new NumberedSource(1000);
    const run = mail.sendMany(source, { concurrency: 20, stopOnError: true });

    const outcomes = await outcomesOf(run);

    const totals = await run;
    const { lowWatermark } = totals;
    expect(indexesOf(outcomes, 'accepted')).toEqual(upTo(2));
    expect(indexesOf(outcomes, 'rejected')).toEqual(upTo(lowWatermark, 3));
    const rest = upTo(source.taken - 1, lowWatermark + 1);
    expect(indexesOf(outcomes, 'not-sent')).toEqual(rest);
    expect(rest.length).toBeGreaterThan(0);
    expect(totals.stopped).toMatchObject({
      reason: 'failure',
      error: { code: 'REJECTED', responseCode: 550 },
    });
    const last = outcomes.find(({ index }) => index === source.taken - 1);
    expect(last).toMatchObject({
      error: { code: 'ABORTED', cause: { code: 'REJECTED' } },
    });
    expect(source.closed).toBe(true);
  });

  it('is off unless asked for', async () => {
    const mail = await site.start({});
    site.relay.fail('rcpt', '550 No such user', at(1));

    const totals = await mail.sendMany(new NumberedSource(5));

    expect(totals).toMatchObject({ accepted: 4, rejected: 1, lowWatermark: 4 });
    expect(totals.stopped).toBeUndefined();
  });
});
