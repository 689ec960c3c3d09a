import { describe, expect, it } from 'vitest';
import { SENDGRID_REPLIES } from 'nestjs-sendgrid-smtp/testing';
import {
  at,
  indexesOf,
  numbered,
  NumberedSource,
  outcomesOf,
  upTo,
} from './support/numbered.js';
import { recordLogs } from './support/recording-logger.js';
import { RelayedApp } from './support/relayed-app.js';

const { senderIdentity } = SENDGRID_REPLIES;

const logger = recordLogs();
const site = new RelayedApp(logger, {
  defaults: { from: 'Shop <shop@example.com>' },
  pool: { maxConnections: 1, pipelining: 'off' },
});

describe('sendMany at a sender that is refused', () => {
  it('ends and says where to resume', async () => {
    const mail = await site.start({});
    site.relay.fail('message', senderIdentity, at(3));
    const source = new NumberedSource(1000);
    const run = mail.sendMany(source, { concurrency: 10 });

    const outcomes = await outcomesOf(run);

    expect(indexesOf(outcomes, 'accepted')).toEqual(upTo(2));
    expect(indexesOf(outcomes, 'rejected')).toContain(3);
    // The refused one is to be sent again once the sender is verified.
    expect(await run).toMatchObject({
      lowWatermark: 2,
      stopped: { reason: 'sender', error: { code: 'SENDER' } },
    });
    expect(source.closed).toBe(true);
    expect(outcomes).toHaveLength(source.taken);
    const stops = logger.ours.filter((line) => line.includes('has stopped'));
    expect(stops).toHaveLength(1);
    expect(stops[0]).toContain('resumed with index 3');
  });

  it('takes back messages of other senders, too', async () => {
    const mail = await site.start({});
    site.relay.fail('message', senderIdentity, at(1));
    const other = (n: number): object => ({
      ...numbered(n),
      from: 'other@example.com',
    });
    const list = [0, 1, 2, 3, 4, 5].map((n) =>
      n > 2 ? other(n) : numbered(n),
    );

    const outcomes = await outcomesOf(mail.sendMany(list));

    const last = outcomes.find(({ index }) => index === 5);
    expect(last).toMatchObject({
      status: 'not-sent',
      error: { code: 'ABORTED', cause: { code: 'SENDER' } },
    });
  });

  it('is the same for one that `allowedFrom` does not list', async () => {
    const mail = await site.start({ allowedFrom: ['example.com'] });
    const list = [numbered(0), { ...numbered(1), from: 'a@elsewhere.example' }];

    const totals = await mail.sendMany([...list, numbered(2)], {
      concurrency: 1,
    });

    expect(totals).toMatchObject({
      accepted: 1,
      lowWatermark: 0,
      stopped: { reason: 'sender' },
    });
  });
});
