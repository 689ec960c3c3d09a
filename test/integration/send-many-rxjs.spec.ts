import {
  bufferCount,
  concatMap,
  from,
  lastValueFrom,
  map,
  take,
  toArray,
} from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import type { MailMessage } from 'nestjs-sendgrid-smtp';
import {
  indexesOf,
  NumberedSource,
  numbered,
  upTo,
} from './support/numbered.js';
import { recordLogs } from './support/recording-logger.js';
import { RelayedApp } from './support/relayed-app.js';

const logger = recordLogs();
const site = new RelayedApp(logger, {
  defaults: { from: 'Shop <shop@example.com>' },
});

const FAILURE = new Error('The cursor was lost');

describe('RxJS’s `from` over sendMany', () => {
  it('emits the outcomes and completes', async () => {
    const mail = await site.start({});
    const outcomes$ = from(mail.sendMany(new NumberedSource(50)));

    const outcomes = await lastValueFrom(outcomes$.pipe(toArray()));

    expect(indexesOf(outcomes, 'accepted')).toEqual(upTo(49));
  });

  it('stops the source when it is unsubscribed from', async () => {
    const mail = await site.start({});
    const source = new NumberedSource(100_000);
    const run = mail.sendMany(source, { concurrency: 10 });

    const first$ = from(run).pipe(
      take(3),
      map(({ status }) => status),
      toArray(),
    );

    expect(await lastValueFrom(first$)).toEqual(Array(3).fill('accepted'));
    await vi.waitFor(() => expect(source.closed).toBe(true));
    expect((await run).stopped).toEqual({ reason: 'break' });
    expect(source.taken).toBeLessThan(100);
  });

  it('errors with what the source throws', async () => {
    const mail = await site.start({});
    function* source(): Generator<MailMessage> {
      yield numbered(0);
      throw FAILURE;
    }

    const outcomes = lastValueFrom(from(mail.sendMany(source())));

    await expect(outcomes).rejects.toBe(FAILURE);
  });

  it('emits at its own pace into what works on', async () => {
    const mail = await site.start({});
    const run = mail.sendMany(new NumberedSource(100));

    const written$ = from(run).pipe(
      bufferCount(30),
      concatMap(async (some) => {
        await new Promise(setImmediate);
        return some.length;
      }),
      toArray(),
    );

    expect(await lastValueFrom(written$)).toEqual([30, 30, 30, 10]);
  });
});
