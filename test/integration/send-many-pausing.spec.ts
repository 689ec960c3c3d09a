import { describe, expect, it, vi } from 'vitest';
import type { MailService } from 'nestjs-sendgrid-smtp';
import { addressOf, NumberedSource, numbered } from './support/numbered.js';
import { recordLogs } from './support/recording-logger.js';
import { RelayedApp } from './support/relayed-app.js';

const logger = recordLogs();
const site = new RelayedApp(logger, {
  defaults: { from: 'Shop <shop@example.com>' },
});

/** Until nothing moves any more. */
async function quiet(mail: MailService, pending: number): Promise<void> {
  await vi.waitFor(() => {
    expect(mail.stats().totals.pending).toBe(pending);
  });
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
}

describe('the source of sendMany', () => {
  it('waits for who reads the outcomes', async () => {
    const mail = await site.start({});
    const source = new NumberedSource(200);
    const run = mail.sendMany(source, { concurrency: 10 });
    let read = 0;

    for await (const { status } of run) {
      expect(status).toBe('accepted');
      read += 1;
      if (read % 50 === 0) await quiet(mail, 0);
      expect(source.taken).toBeLessThanOrEqual(read + 10);
    }

    expect(read).toBe(200);
  });

  it('waits for messages that have not ended', async () => {
    const mail = await site.start({});
    mail.pause('test');
    const source = new NumberedSource(100);
    const totals = Promise.resolve(mail.sendMany(source, { concurrency: 7 }));
    await quiet(mail, 7);

    expect(source.taken).toBe(7);
    mail.resume();
    expect(await totals).toMatchObject({ accepted: 100 });
  });

  it('leaves half of the queue to others unless told otherwise', async () => {
    const mail = await site.start({ queue: { maxMessages: 20 } });
    mail.pause('test');
    const source = new NumberedSource(100);
    const totals = Promise.resolve(mail.sendMany(source));
    await quiet(mail, 10);
    const other = mail.send(numbered(1000));

    expect(source.taken).toBe(10);
    mail.resume();
    expect(await totals).toMatchObject({ accepted: 100 });
    expect(await other).toMatchObject({ accepted: [addressOf(1000)] });
  });

  it.each(['reject', 'wait'] as const)(
    'waits for room in a full queue with `whenFull` %s',
    async (whenFull) => {
      const mail = await site.start({ queue: { maxMessages: 5, whenFull } });
      mail.pause('test');
      const source = new NumberedSource(100);
      const run = mail.sendMany(source, { concurrency: 50 });
      const totals = Promise.resolve(run);
      await quiet(mail, 6);

      // Those of the queue, and the one that waits for room.
      expect(source.taken).toBe(6);
      mail.resume();
      expect(await totals).toMatchObject({ accepted: 100, notSent: 0 });
      expect(site.relay.messages).toHaveLength(100);
    },
  );

  it('waits for room for bytes, and lets others of the instance pass', async () => {
    const large = Buffer.alloc(30_000, 'x');
    const message = (n: number): object => ({
      ...numbered(n),
      attachments: [{ filename: 'large.bin', content: large }],
    });
    const mail = await site.start({ queue: { maxBytes: 100_000 } });
    mail.pause('test');
    let taken = 0;
    function* source(): Generator<object> {
      for (; taken < 200; taken += 1) yield message(taken);
    }
    const totals = Promise.resolve(mail.sendMany(source()));
    // Some are composed at a time; only then it is known how large they are.
    await quiet(mail, 18);
    const small = mail.send(numbered(1000));
    await quiet(mail, 19);

    expect(mail.stats().queue.bytes).toBeLessThan(100_000);
    mail.resume();
    expect(await totals).toMatchObject({ accepted: 200 });
    expect(await small).toMatchObject({ accepted: [addressOf(1000)] });
  });
});
