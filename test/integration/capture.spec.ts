import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import {
  MailService,
  SendGridSmtpModule,
  type SendGridSmtpModuleOptions,
} from 'nestjs-sendgrid-smtp';
import { capturedMail } from 'nestjs-sendgrid-smtp/testing';
import { API_KEY, CAPTURE, MESSAGE } from './support/options.js';
import { recordLogs } from './support/recording-logger.js';

const logger = recordLogs();
let app: INestApplicationContext;

async function start(options: SendGridSmtpModuleOptions): Promise<MailService> {
  const module = SendGridSmtpModule.forRoot(options);
  app = await NestFactory.createApplicationContext(module, { logger });
  return app.get(MailService);
}

afterEach(() => app.close());

describe('Mode capture', () => {
  it('keeps each message as it would have left', async () => {
    const mail = await start({ ...CAPTURE, correlation: false });

    const receipt = await mail.send({
      ...MESSAGE,
      html: Buffer.from('<b>Hi</b>'),
    });

    const [kept] = capturedMail(app).sent();
    expect(kept).toMatchObject({
      messageId: receipt.messageId,
      subject: 'Hello',
      text: 'Hi Ada',
      html: '<b>Hi</b>',
    });
    expect(kept?.raw.toString()).toMatch(
      /^From: Shop <shop@example\.com>\r\nTo: ada@example\.net\r\n/,
    );
  });

  it('correlates as the relay would have been told', async () => {
    const mail = await start(CAPTURE);

    const { mailId } = await mail.send(MESSAGE);

    expect(mailId).toBeDefined();
    expect(capturedMail(app).sent()[0]?.raw.toString()).toMatch(
      `X-SMTPAPI: {"unique_args":{"mail_id":\r\n "${mailId}"}}\r\nFrom: `,
    );
  });

  it('keeps streams that are larger than what is read at queueing', async () => {
    const mail = await start({ ...CAPTURE, queue: { maxStreamBytes: 100 } });
    const body = 'A line of the body\r\n'.repeat(1000);

    await mail.send({ ...MESSAGE, text: Readable.from([body]) });

    expect(capturedMail(app).sent()[0]?.raw.toString()).toContain(body);
  });

  it('settles a stream that stalls when the shutdown’s time is over', async () => {
    const mail = await start({
      ...CAPTURE,
      queue: { maxStreamBytes: 4 },
      shutdown: { timeoutMs: 20 },
    });
    const stalled = new Readable({ read: () => undefined });
    stalled.push('more than four bytes');
    const sent = mail.send({ ...MESSAGE, text: stalled });

    const [settled, drained] = await Promise.allSettled([sent, mail.drain()]);

    expect(settled).toMatchObject({ reason: { code: 'SHUT_DOWN' } });
    expect(drained).toMatchObject({ value: { notSent: 1 } });
  });

  it('keeps the newest 1,000 messages', async () => {
    const mail = await start(CAPTURE);

    for (let n = 0; n <= 1000; n += 1) {
      await mail.send({ ...MESSAGE, subject: `Mail ${n}` });
    }

    const kept = capturedMail(app).sent();
    expect(kept).toHaveLength(1000);
    expect(kept[0]?.subject).toBe('Mail 1');
    expect(kept.at(-1)?.subject).toBe('Mail 1000');
  });

  it('is verified without a relay', async () => {
    const mail = await start({ ...CAPTURE, verifyOnStart: 'fail' });

    await expect(mail.verify()).resolves.toBeUndefined();
  });

  it('says at start that no mail is sent', async () => {
    await start(CAPTURE);

    expect(logger.ours).toEqual([
      "log [default] Mode 'capture': no mail is sent. SendGridSmtpModule",
    ]);
  });
});

describe('Mode smtp', () => {
  it('has no captured mail', async () => {
    await start({ apiKey: API_KEY });

    expect(() => capturedMail(app)).toThrow(
      /'default' does not capture mail\. Configure it with mode: 'capture'/,
    );
  });
});

describe('Mode discard', () => {
  it('checks and counts messages, and keeps none', async () => {
    const mail = await start({ ...CAPTURE, mode: 'discard' });

    await expect(mail.send(MESSAGE)).resolves.toMatchObject({ attempts: 1 });
    await expect(mail.send({ text: 'x' })).rejects.toMatchObject({
      code: 'INVALID_MESSAGE',
    });

    expect(capturedMail(app).sent()).toEqual([]);
    expect(mail.stats().totals).toMatchObject({ accepted: 1, notSent: 1 });
  });
});
