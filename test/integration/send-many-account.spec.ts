import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  SENDGRID_REPLIES,
  type Fault,
  type FaultStage,
} from 'nestjs-sendgrid-smtp/testing';
import {
  addressOf,
  at,
  indexesOf,
  NumberedSource,
  outcomesOf,
  stallAt,
  upTo,
} from './support/numbered.js';
import { recordLogs } from './support/recording-logger.js';
import { RelayedApp } from './support/relayed-app.js';

const { badKey, creditsExceeded, messagingLimits } = SENDGRID_REPLIES;

const logger = recordLogs();
const site = new RelayedApp(logger, {
  defaults: { from: 'Shop <shop@example.com>' },
  pool: { maxConnections: 2 },
});

afterEach(() => {
  vi.useRealTimers();
});

const ACCOUNT = { reason: 'account', error: { code: 'ACCOUNT' } };

const stops = (): string[] =>
  logger.ours.filter((line) => line.includes('has stopped'));

describe('sendMany at a fault of the account', () => {
  it.each<[string, FaultStage, Fault]>([
    ['told at AUTH', 'auth', creditsExceeded],
    ['told at MAIL', 'mail', creditsExceeded],
    ['told after the dot', 'message', messagingLimits],
    ['that refuses the key', 'auth', badKey],
  ])('ends at once and says where to resume: %s', async (_, stage, reply) => {
    const mail = await site.start({});
    site.relay.fail(stage, reply, { times: Infinity });
    const source = new NumberedSource(1000);
    const run = mail.sendMany(source, { concurrency: 20 });

    const outcomes = await outcomesOf(run);

    expect(indexesOf(outcomes, 'not-sent')).toEqual(upTo(source.taken - 1));
    expect(outcomes[0]).toMatchObject({
      error: { code: 'ABORTED', cause: { code: 'ACCOUNT' } },
    });
    expect(await run).toMatchObject({ lowWatermark: -1, stopped: ACCOUNT });
    expect(source.closed).toBe(true);
    expect(mail.stats().totals).toMatchObject({ pending: 0 });
    expect(stops()).toHaveLength(1);
    expect(stops()[0]).toContain('resumed with index 0');
  });

  it('resumes without a loss or a duplicate after its low watermark', async () => {
    fakeTimers();
    const mail = await site.start({
      pool: { maxConnections: 1, pipelining: 'off' },
    });
    site.relay.fail('rcpt', creditsExceeded, at(7));
    const first = await mail.sendMany(new NumberedSource(30));
    expect(first).toMatchObject({ accepted: 7, lowWatermark: 6 });
    expect(recipients()).toEqual(upTo(6).map(addressOf));
    site.relay.clear();
    await vi.advanceTimersByTimeAsync(MINUTE);

    const second = await mail.sendMany(new NumberedSource(23, 7));

    expect(second).toMatchObject({ accepted: 23, lowWatermark: 22 });
    expect(second.stopped).toBeUndefined();
    expect(recipients()).toEqual(upTo(29, 7).map(addressOf));
  });

  it('takes nothing while it lasts, and finds out when it is over', async () => {
    fakeTimers();
    const mail = await site.start({});
    site.relay.fail('mail', creditsExceeded, { times: Infinity });
    await mail.sendMany(new NumberedSource(3));
    const source = new NumberedSource(3);
    const early = await mail.sendMany(source);
    expect(early).toMatchObject({ settled: 0, stopped: ACCOUNT });
    expect(source.taken).toBe(0);

    // Its first message is the probe, which fails.
    await vi.advanceTimersByTimeAsync(MINUTE);
    const probing = await mail.sendMany(new NumberedSource(3));
    expect(probing).toMatchObject({ notSent: 3, stopped: ACCOUNT });

    site.relay.clear();
    await vi.advanceTimersByTimeAsync(5 * MINUTE);
    const late = await mail.sendMany(new NumberedSource(3));
    expect(late).toMatchObject({ accepted: 3 });
    expect(late.stopped).toBeUndefined();
  });

  it('takes back what waits for another attempt, too', async () => {
    const mail = await site.start({
      pool: { maxConnections: 1, pipelining: 'off' },
      retry: { maxAttempts: 5, baseDelayMs: 60_000 },
    });
    site.relay.fail('rcpt', '451 Try again later', at(2));
    site.relay.fail('rcpt', creditsExceeded, at(5));

    const run = mail.sendMany(new NumberedSource(10), { concurrency: 10 });

    expect(indexesOf(await outcomesOf(run), 'accepted')).toEqual([0, 1, 3, 4]);
    expect(await run).toMatchObject({ notSent: 6, lowWatermark: 1 });
  });

  it('takes back what a connection gives back unsent', async () => {
    const mail = await site.start({
      pool: { maxConnections: 2, pipelining: 'off' },
    });
    // One is in the middle of its envelope when the other finds the fault.
    const reached = stallAt(site.relay, 0, 'rcpt');
    site.relay.fail('data', 'drop', at(0));
    site.relay.fail('rcpt', creditsExceeded, at(3));
    const run = mail.sendMany(new NumberedSource(10), { concurrency: 10 });
    const totals = Promise.resolve(run);
    await reached;
    await vi.waitFor(() => expect(mail.stats().account).toBe('paused'));
    await vi.waitFor(() => expect(run.totals.settled).toBe(9));
    site.relay.release();

    expect(await totals).toMatchObject({
      accepted: 2,
      notSent: 8,
      lowWatermark: -1,
      stopped: ACCOUNT,
    });
  });
});

const MINUTE = 60_000;

function fakeTimers(): void {
  const toFake = ['setTimeout', 'clearTimeout', 'setInterval'] as const;
  vi.useFakeTimers({ toFake: [...toFake, 'clearInterval', 'performance'] });
}

/** Whom the relay took messages for, in its order. */
function recipients(): string[] {
  return site.relay.messages.flatMap(({ envelope }) => envelope.to);
}
