import { describe, expect, it } from 'vitest';
import type { MailMessage } from 'nestjs-sendgrid-smtp';
import {
  indexesOf,
  numbered,
  NumberedSource,
  outcomesOf,
  upTo,
} from './support/numbered.js';
import { recordLogs } from './support/recording-logger.js';
import { RelayedApp } from './support/relayed-app.js';

const logger = recordLogs();
const site = new RelayedApp(logger, {
  defaults: { from: 'Shop <shop@example.com>' },
});

const CUT = new Error('The cursor was lost');

function* cut(count: number): Generator<MailMessage> {
  yield* new NumberedSource(count);
  throw CUT;
}

async function* later(source: Iterable<MailMessage>): AsyncGenerator<object> {
  for (const message of source) {
    await new Promise(setImmediate);
    yield message;
  }
}

const SOURCES: [
  string,
  (count: number) => Iterable<MailMessage> | AsyncIterable<MailMessage>,
][] = [
  ['an iterable', cut],
  ['an async iterable', (count) => later(cut(count))],
];

describe('a source of sendMany', () => {
  it('may be asynchronous', async () => {
    const mail = await site.start({});
    const source = new NumberedSource(100);

    const outcomes = await outcomesOf(mail.sendMany(later(source)));

    expect(indexesOf(outcomes, 'accepted')).toEqual(upTo(99));
    expect(source.closed).toBe(true);
  });

  it.each(SOURCES)(
    'that throws rejects the run once all has ended: %s',
    async (_, make) => {
      const mail = await site.start({});
      const run = mail.sendMany(make(30));

      await expect(Promise.resolve(run)).rejects.toBe(CUT);

      expect(run.totals).toMatchObject({
        accepted: 30,
        lowWatermark: 29,
        stopped: { reason: 'source', error: CUT },
      });
    },
  );

  it.each(SOURCES)(
    'that throws has it thrown after the outcomes: %s',
    async (_, make) => {
      const mail = await site.start({});
      const run = mail.sendMany(make(30));
      let read = 0;
      const loop = async (): Promise<void> => {
        for await (const { status } of run) {
          expect(status).toBe('accepted');
          read += 1;
        }
      };

      await expect(loop()).rejects.toBe(CUT);

      expect(read).toBe(30);
    },
  );

  it('that throws at once rejects the run', async () => {
    const mail = await site.start({});
    const source = {
      [Symbol.iterator]: (): never => {
        throw CUT;
      },
    };

    await expect(Promise.resolve(mail.sendMany(source))).rejects.toBe(CUT);
  });

  it('may never wait, and the rest of the process still gets its turns', async () => {
    const mail = await site.start({ mode: 'discard' });
    let turns = 0;
    let over = false;
    const count = (): void => {
      turns += 1;
      if (!over) setImmediate(count);
    };
    setImmediate(count);

    await mail.sendMany(new NumberedSource(5000));

    over = true;
    expect(turns).toBeGreaterThan(20);
  });

  it('that cannot be closed in order changes nothing', async () => {
    const mail = await site.start({});
    let next = 0;
    const source: Iterable<MailMessage> = {
      [Symbol.iterator]: () => ({
        next: () => ({ done: false, value: numbered(next++) }),
        return: () => {
          throw CUT;
        },
      }),
    };
    const run = mail.sendMany(source, { concurrency: 3 });

    for await (const { index } of run) {
      if (index === 10) break;
    }

    expect(await run).toMatchObject({ stopped: { reason: 'break' } });
  });
});
