import {
  subscribe,
  unsubscribe,
  type ChannelListener,
} from 'node:diagnostics_channel';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { createTransport } from 'nodemailer';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  MailService,
  SendGridSmtpModule,
  SendGridTransport,
  type MailEvent,
  type MailMessage,
  type SendGridSmtpModuleOptions,
} from 'nestjs-sendgrid-smtp';
import {
  capturedMail,
  FakeSendGrid,
  type MailCapture,
} from 'nestjs-sendgrid-smtp/testing';
import { API_KEY, CAPTURE, LEAK, MESSAGE } from './support/options.js';
import { recordLogs } from './support/recording-logger.js';

const logger = recordLogs();
let app: INestApplicationContext | undefined;
let heard: MailEvent[];
let completed: number;

async function start(
  options: SendGridSmtpModuleOptions = CAPTURE,
): Promise<MailService> {
  const module = SendGridSmtpModule.forRoot(options);
  app = await NestFactory.createApplicationContext(module, { logger });
  const mail = app.get(MailService);
  mail.events$.subscribe({
    next: (event) => heard.push(event),
    complete: () => {
      completed += 1;
    },
  });
  return mail;
}

function captured(): MailCapture {
  if (app === undefined) throw new Error('not started');
  return capturedMail(app);
}

function types(): string[] {
  return heard.map(({ type }) => type);
}

beforeEach(() => {
  heard = [];
  completed = 0;
});
afterEach(async () => {
  await app?.close();
  app = undefined;
});

describe('events$ in mode capture', () => {
  it('tells of messages and completes once drained', async () => {
    const mail = await start();
    await mail.send(MESSAGE, { lane: 'bulk' });
    captured().failNext('550 5.1.1 <ada@example.net> does not exist');
    await expect(mail.send(MESSAGE)).rejects.toMatchObject({
      code: 'REJECTED',
    });
    expect(completed).toBe(0);
    await mail.drain();

    expect(types()).toEqual(['queued', 'sent', 'queued', 'failed', 'drained']);
    expect(completed).toBe(1);
    expect(heard[1]).toMatchObject({
      instance: 'default',
      messageId: expect.stringMatching(/^<.+@example\.com>$/),
      lane: 'bulk',
      accepted: 1,
      attempts: 1,
      recipients: ['***@example.net'],
    });
    expect(heard[3]).toMatchObject({
      code: 'REJECTED',
      attempts: 1,
      reply: { text: '5.1.1 <***@example.net> does not exist' },
    });
    expect(JSON.stringify(heard)).not.toMatch(/ada|Hi Ada|Hello/);
  });

  it('replays nothing, and completes for who comes after the end', async () => {
    const mail = await start();
    await mail.send(MESSAGE);
    const late: MailEvent[] = [];
    mail.events$.subscribe((event) => late.push(event));
    await mail.drain();
    let ended = false;
    mail.events$.subscribe({ complete: () => (ended = true) });

    expect(late.map(({ type }) => type)).toEqual(['drained']);
    expect(ended).toBe(true);
  });

  it('lets a listener send and drain', async () => {
    const mail = await start();
    const followed: Promise<unknown>[] = [];
    mail.events$.subscribe(({ type }) => {
      if (type === 'failed') followed.push(mail.send(MESSAGE), mail.drain());
    });
    captured().failNext('550 no');
    await expect(mail.send(MESSAGE)).rejects.toThrow('550');
    await Promise.all(followed);

    expect(types()).toEqual(['queued', 'failed', 'queued', 'sent', 'drained']);
  });
});

describe('events$ and enqueue', () => {
  it.each<[string, Partial<MailMessage>, SendGridSmtpModuleOptions, string]>([
    ['a message that is none', { to: 7 as never }, CAPTURE, 'INVALID_MESSAGE'],
    [
      'a plugin that refuses it',
      {},
      {
        ...CAPTURE,
        plugins: [
          {
            step: 'compile',
            plugin: (_, callback) => callback(new Error(`No ${API_KEY}`)),
          },
        ],
      },
      'INVALID_MESSAGE',
    ],
  ])(
    'tell one failure and log one line for %s',
    async (_, fields, options, code) => {
      const mail = await start(options);
      const { messageId } = mail.enqueue({ ...MESSAGE, ...fields });
      await mail.drain();

      expect(heard).toMatchObject([
        { type: 'failed', messageId, code, attempts: 0, recipients: [] },
        { type: 'drained' },
      ]);
      expect(logger.ours.filter((line) => line.includes(code))).toHaveLength(1);
      expect(JSON.stringify(heard)).not.toMatch(LEAK);
    },
  );

  it('tell one failure for a full queue and for the shutdown', async () => {
    const mail = await start({
      ...CAPTURE,
      queue: { maxMessages: 1 },
      plugins: [{ step: 'compile', plugin: () => undefined }],
      shutdown: { timeoutMs: 1 },
    });
    const first = mail.enqueue(MESSAGE);
    const second = mail.enqueue(MESSAGE, { lane: 'urgent' });
    await mail.drain();
    const third = mail.enqueue(MESSAGE);
    await new Promise(setImmediate);

    expect(heard).toMatchObject([
      { code: 'QUEUE_FULL', lane: 'urgent', messageId: second.messageId },
      { code: 'SHUT_DOWN', messageId: first.messageId },
      { type: 'drained', report: { notSent: 1 } },
    ]);
    expect(third.messageId).not.toBe(first.messageId);
    expect(logger.ours.filter((line) => line.startsWith('error'))).toHaveLength(
      3,
    );
  });

  it('show addresses in full in the log when asked to', async () => {
    const mail = await start({ ...CAPTURE, showRecipients: true });
    captured().failNext('550 5.1.1 <ada@example.net> does not exist');
    mail.enqueue(MESSAGE);
    await mail.drain();
    await new Promise(setImmediate);

    expect(logger.text).toContain('<ada@example.net> does not exist');
    expect(heard[1]).toMatchObject({ recipients: ['ada@example.net'] });
  });
});

describe('events of a send', () => {
  it('are one failure, whatever made it fail', async () => {
    const mail = await start();
    const bad = 'fast' as 'urgent';
    const sends = [
      mail.send({ ...MESSAGE, to: 'no address' }),
      mail.send(MESSAGE, { lane: bad }),
      mail.send(MESSAGE, { signal: AbortSignal.abort() }),
    ];
    await Promise.allSettled(sends);

    expect(types()).toEqual(['failed', 'failed', 'failed']);
  });

  it('come from the relay likewise', async () => {
    const relay = await FakeSendGrid.start();
    const mail = await start({ ...relay.options, defaults: CAPTURE.defaults });
    const [first] = await Promise.all([mail.send(MESSAGE), mail.send(MESSAGE)]);
    await app?.close();
    await relay.stop();

    const sent = heard.filter(({ type }) => type === 'sent');
    expect(sent).toHaveLength(2);
    expect(sent[0]).toMatchObject({ sendGridId: first.sendGridId });
    expect(types()).toContain('connection-opened');
    expect(types().at(-1)).toBe('drained');
    expect(completed).toBe(1);
  });
});

describe('the diagnostics channels', () => {
  const listeners = new Map<string, ChannelListener>();
  const published: unknown[] = [];

  beforeEach(() => {
    published.length = 0;
    for (const type of ['sent', 'failed', 'drained']) {
      const listener = (event: unknown): void => void published.push(event);
      listeners.set(`nestjs-sendgrid-smtp:${type}`, listener);
      subscribe(`nestjs-sendgrid-smtp:${type}`, listener);
    }
  });
  afterEach(() => {
    for (const [name, listener] of listeners) unsubscribe(name, listener);
  });

  it('carry the events of every instance by name', async () => {
    const mail = await start({ ...CAPTURE, name: undefined });
    await mail.send(MESSAGE);
    await mail.drain();

    expect(published).toEqual(heard.filter(({ type }) => type !== 'queued'));
  });

  it('carry those of a transport without Nest', async () => {
    const transport = new SendGridTransport({
      mode: 'discard',
      queue: { maxMessages: 1 },
    });
    const mailer = createTransport(transport, CAPTURE.defaults);
    await Promise.allSettled([
      mailer.sendMail({ ...MESSAGE }),
      mailer.sendMail({ ...MESSAGE }),
    ]);
    await transport.close();

    expect(published).toMatchObject([
      { type: 'failed', instance: 'transport', code: 'QUEUE_FULL' },
      { type: 'sent', instance: 'transport', recipients: ['***@example.net'] },
      { type: 'drained', instance: 'transport' },
    ]);
  });
});
