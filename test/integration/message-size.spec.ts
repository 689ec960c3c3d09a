import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { MailEvent, MailMessage } from 'nestjs-sendgrid-smtp';
import { MESSAGE } from './support/options.js';
import { recordLogs } from './support/recording-logger.js';
import { RelayedApp } from './support/relayed-app.js';

const world = new RelayedApp(recordLogs(), {
  defaults: { from: 'Shop <shop@example.com>' },
});

const BIG = 'a line of text\r\n'.repeat(500);

describe('a message over `maxMessageBytes`', () => {
  it.each<[string, MailMessage]>([
    ['composed directly', { text: BIG }],
    ['with attachments', { attachments: [{ content: BIG, filename: 'a' }] }],
    [
      'with a stream that is read into memory',
      {
        attachments: [{ content: () => Readable.from([BIG]), filename: 'a' }],
      },
    ],
    ['that is raw', { raw: `From: shop@example.com\r\n\r\n${BIG}` }],
  ])('is refused before it is queued: %s', async (_, fields) => {
    const mail = await world.start({ maxMessageBytes: 4096 });
    const events: MailEvent[] = [];
    mail.events$.subscribe((event) => events.push(event));
    // Were it queued, it would wait.
    mail.pause('for the test');

    await expect(mail.send({ ...MESSAGE, ...fields })).rejects.toMatchObject({
      code: 'INVALID_MESSAGE',
      deliveryState: 'not-sent',
      message: expect.stringContaining('`maxMessageBytes` (4096 bytes)'),
    });

    expect(events.map(({ type }) => type)).not.toContain('queued');
    expect(mail.stats()).toMatchObject({
      queue: { messages: 0, bytes: 0 },
      totals: { notSent: 1, pending: 0 },
    });
    expect(world.relay.messages).toEqual([]);
    mail.resume();
  });

  it('that is streamed is broken off and not sent', async () => {
    const mail = await world.start({
      maxMessageBytes: 4096,
      queue: { maxStreamBytes: 1024 },
    });
    const lines = BIG.split('\r\n').map((line) => `${line}\r\n`);
    const content = (): Readable => Readable.from(lines);

    await expect(
      mail.send({ ...MESSAGE, attachments: [{ content, filename: 'a' }] }),
    ).rejects.toMatchObject({
      code: 'INVALID_MESSAGE',
      deliveryState: 'not-sent',
      message: expect.stringContaining('`maxMessageBytes` (4096 bytes)'),
    });

    expect(world.relay.messages).toEqual([]);
  });
});

describe('a message over the SIZE of the relay', () => {
  it('is refused before it is queued once that is known', async () => {
    const mail = await world.start({ maxMessageBytes: 40_000_000 });
    await mail.send(MESSAGE);
    mail.pause('for the test');
    const { mailFrom } = world.relay.counters;

    await expect(
      mail.send({ ...MESSAGE, html: 'word '.repeat(6_500_000) }),
    ).rejects.toMatchObject({
      code: 'INVALID_MESSAGE',
      message: expect.stringContaining('the relay takes 31457280 at most'),
    });

    expect(mail.stats().queue.messages).toBe(0);
    expect(world.relay.counters.mailFrom).toBe(mailFrom);
    mail.resume();
  });
});
