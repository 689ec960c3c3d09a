import net from 'node:net';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { createTransport } from 'nodemailer';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  MailService,
  SendGridSmtpModule,
  SendGridTransport,
  type MailMessage,
} from 'nestjs-sendgrid-smtp';
import { FakeSendGrid } from 'nestjs-sendgrid-smtp/testing';
import { MESSAGE } from './support/options.js';
import { recordLogs } from './support/recording-logger.js';

const logger = recordLogs();
const DEFAULTS = { from: 'Shop <shop@example.com>' };

const MESSAGES: MailMessage[] = [
  MESSAGE,
  { ...MESSAGE, attachments: [{ content: 'data' }] },
  {
    raw: 'From: shop@example.com\r\n\r\nHi\r\n',
    envelope: { from: 'shop@example.com', to: 'ada@example.net' },
  },
];

let relay: FakeSendGrid;
let app: INestApplicationContext | undefined;

/** Told of every socket that is to be connected. */
const connect = vi.fn<() => void>();

beforeEach(async () => {
  relay = await FakeSendGrid.start();
  const original = net.Socket.prototype.connect;
  vi.spyOn(net.Socket.prototype, 'connect').mockImplementation(function (
    this: net.Socket,
    ...given: Parameters<typeof original>
  ) {
    connect();
    return original.apply(this, given);
  });
  connect.mockClear();
});

afterEach(async () => {
  await app?.close();
  app = undefined;
  await relay.stop();
});

async function start(
  mode: 'smtp' | 'capture' | 'discard',
): Promise<MailService> {
  const module = SendGridSmtpModule.forRoot({
    ...relay.options,
    mode,
    defaults: DEFAULTS,
    pool: { minConnections: 2 },
    verifyOnStart: 'fail',
  });
  app = await NestFactory.createApplicationContext(module, { logger });
  return app.get(MailService);
}

describe.each(['capture', 'discard'] as const)('Mode %s', (mode) => {
  it('connects to nothing, whatever is called', async () => {
    const mail = await start(mode);

    await mail.verify();
    for (const message of MESSAGES) await mail.send(message);
    mail.enqueue(MESSAGE, { lane: 'urgent' });
    await mail.drain();

    expect(mail.stats().totals).toMatchObject({ accepted: 4, pending: 0 });
    expect(connect).not.toHaveBeenCalled();
    expect(relay.counters.connections).toBe(0);
  });

  it('connects to nothing in a transport without Nest', async () => {
    const transport = new SendGridTransport({ ...relay.options, mode });
    const mailer = createTransport(transport, DEFAULTS);

    await mailer.verify();
    await mailer.sendMail({ ...MESSAGE, attachments: [{ content: 'data' }] });
    await transport.close();

    expect(connect).not.toHaveBeenCalled();
    expect(relay.counters.connections).toBe(0);
  });
});

describe('Mode smtp', () => {
  it('connects, and the tests above would notice', async () => {
    const mail = await start('smtp');

    await mail.send(MESSAGE);

    expect(connect).toHaveBeenCalled();
    expect(relay.counters.connections).toBeGreaterThan(0);
  });
});
