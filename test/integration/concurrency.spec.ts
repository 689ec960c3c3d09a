import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { PluginFunction } from 'nodemailer';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MailService, SendGridSmtpModule } from 'nestjs-sendgrid-smtp';
import { FakeSendGrid } from 'nestjs-sendgrid-smtp/testing';
import { MESSAGE } from './support/options.js';

const SENDS = 1000;

let relay: FakeSendGrid;
let app: INestApplicationContext;
const compiled = vi.fn<PluginFunction>((_, callback) => callback());

beforeEach(async () => {
  compiled.mockClear();
  relay = await FakeSendGrid.start({ parse: false });
  const module = SendGridSmtpModule.forRoot({
    ...relay.options,
    defaults: { from: 'shop@example.com' },
    pool: { maxConnections: 4 },
    queue: { maxMessages: SENDS },
    plugins: [{ step: 'compile', plugin: compiled }],
  });
  app = await NestFactory.createApplicationContext(module, { logger: false });
});

afterEach(async () => {
  await app.close();
  await relay.stop();
});

describe('1,000 concurrent sends', () => {
  it('open no more connections than allowed, and the 1,001st is refused', async () => {
    const mail = app.get(MailService);
    const sends = Array.from({ length: SENDS + 1 }, () => mail.send(MESSAGE));

    const refused = sends.pop();

    await expect(refused).rejects.toMatchObject({ code: 'QUEUE_FULL' });
    expect(compiled).toHaveBeenCalledTimes(SENDS);
    const receipts = await Promise.all(sends);
    expect(new Set(receipts.map((one) => one.sendGridId)).size).toBe(SENDS);
    expect(relay.counters).toMatchObject({ accepted: SENDS });
    expect(relay.counters.maxOpen).toBeLessThanOrEqual(4);
    expect(mail.stats().totals).toEqual({
      submitted: SENDS + 1,
      accepted: SENDS,
      rejected: 0,
      unknown: 0,
      notSent: 1,
      pending: 0,
    });
  });
});
