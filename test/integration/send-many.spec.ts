import { describe, expect, it } from 'vitest';
import type { SendManyOptions } from 'nestjs-sendgrid-smtp';
import {
  addressOf,
  at,
  indexesOf,
  numbered,
  NumberedSource,
  outcomesOf,
} from './support/numbered.js';
import { recordLogs } from './support/recording-logger.js';
import { RelayedApp } from './support/relayed-app.js';

const logger = recordLogs();
const site = new RelayedApp(logger, {
  defaults: { from: 'Shop <shop@example.com>' },
  retry: { maxAttempts: 1 },
});

describe('sendMany', () => {
  it('tells how each message ended', async () => {
    const mail = await site.start({});
    site.relay.fail('rcpt', '550 No such user', at(1));
    site.relay.fail('message', 'accept-and-drop', at(3));

    const outcomes = await outcomesOf(mail.sendMany(new NumberedSource(6)));

    outcomes.sort((a, b) => a.index - b.index);
    expect(outcomes).toMatchObject([
      { index: 0, status: 'accepted', receipt: { accepted: [addressOf(0)] } },
      { index: 1, status: 'rejected', error: { code: 'REJECTED' } },
      { index: 2, status: 'accepted' },
      { index: 3, status: 'unknown', error: { code: 'OUTCOME_UNKNOWN' } },
      { index: 4, status: 'accepted' },
      { index: 5, status: 'accepted' },
    ]);
    expect(site.relay.messages).toHaveLength(5);
  });

  it('resolves with the totals when it is awaited', async () => {
    const mail = await site.start({});
    site.relay.fail('rcpt', '550 No such user', at(1, 2));
    const list = [numbered(0), numbered(1), numbered(2), { subject: 'To?' }];

    const totals = await mail.sendMany(list);

    expect(totals).toEqual({
      settled: 4,
      accepted: 1,
      rejected: 2,
      unknown: 0,
      notSent: 1,
      lowWatermark: 3,
    });
    expect(mail.stats().totals).toMatchObject({ submitted: 4, pending: 0 });
  });

  it('resolves after the last outcome when it is iterated and awaited', async () => {
    const mail = await site.start({});
    const run = mail.sendMany(new NumberedSource(10));
    let read = 0;
    let readBefore = -1;
    const totals = Promise.resolve(run).then((all) => {
      readBefore = read;
      return all;
    });

    for await (const { status } of run) {
      expect(status).toBe('accepted');
      read += 1;
    }

    expect(await totals).toMatchObject({ settled: 10, lowWatermark: 9 });
    expect(readBefore).toBeGreaterThan(0);
    expect(read).toBe(10);
    expect(await run).toEqual(run.totals);
  });

  it('takes nothing before it is iterated or awaited', async () => {
    const mail = await site.start({});
    const source = new NumberedSource(3);
    const run = mail.sendMany(source);
    await new Promise(setImmediate);

    expect(source.taken).toBe(0);
    expect(run.progress).toEqual({
      settled: 0,
      accepted: 0,
      failed: 0,
      ratePerSecond: 0,
    });
    await run;
    expect(source.taken).toBe(3);
  });

  it('sends in the lane bulk unless it is told another', async () => {
    const mail = await site.start({ mode: 'discard' });
    const lanes = new Set<string>();
    mail.events$.subscribe((event) => {
      if (event.type === 'sent') lanes.add(event.lane);
    });

    await mail.sendMany([numbered(0)]);
    await mail.sendMany([numbered(1)], { lane: 'urgent' });

    expect([...lanes]).toEqual(['bulk', 'urgent']);
  });

  it('has nothing to do for an empty list', async () => {
    const mail = await site.start({});

    expect(await outcomesOf(mail.sendMany([]))).toEqual([]);
    expect(await mail.sendMany([])).toMatchObject({
      settled: 0,
      lowWatermark: -1,
    });
  });

  it('is iterated once, and not after it was awaited', async () => {
    const mail = await site.start({});
    const iterated = mail.sendMany([numbered(0)]);
    await outcomesOf(iterated);
    const awaited = mail.sendMany([numbered(0)]);
    await awaited;

    for (const run of [iterated, awaited]) {
      await expect(outcomesOf(run)).rejects.toMatchObject({
        code: 'INVALID_MESSAGE',
        message: expect.stringContaining('once'),
      });
    }
    expect(site.relay.messages).toHaveLength(2);
  });

  it.each<[string, object]>([
    ['concurrency', { concurrency: 0 }],
    ['concurrency', { concurrency: 1.5 }],
    ['total', { total: -1 }],
    ['lane', { lane: 'fast' }],
    ['signal', { signal: 'now' }],
  ])('refuses a wrong `%s`', async (name, options) => {
    const mail = await site.start({});

    expect(() => mail.sendMany([], options as SendManyOptions)).toThrow(
      expect.objectContaining({
        code: 'INVALID_MESSAGE',
        message: expect.stringContaining(`\`${name}\``),
      }),
    );
  });

  it.each([null, 'a text', { to: 'ada@example.net' }])(
    'refuses %j for a list',
    async (list) => {
      const mail = await site.start({});

      expect(() => mail.sendMany(list as never)).toThrow(
        expect.objectContaining({ code: 'INVALID_MESSAGE' }),
      );
    },
  );

  it('tells of what is no message, and goes on', async () => {
    const mail = await site.start({});
    const list = [null as never, numbered(1), 'text' as never];

    const outcomes = await outcomesOf(mail.sendMany(list));

    expect(indexesOf(outcomes, 'accepted')).toEqual([1]);
    expect(indexesOf(outcomes, 'not-sent')).toEqual([0, 2]);
  });
});
