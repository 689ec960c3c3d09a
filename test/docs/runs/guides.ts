import type { Readable } from 'node:stream';
import { readFileSync } from 'node:fs';
import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { SendMailOptions } from 'nodemailer';
import type {
  MailService,
  SendGridTransportOptions,
  SendReceipt,
} from 'nestjs-sendgrid-smtp';
import { SENDGRID_REPLIES } from 'nestjs-sendgrid-smtp/testing';
import { expect, onTestFinished, vi } from 'vitest';

import { RecordedTelemetry } from '../../support/record-telemetry.js';
import {
  startCapturing,
  startRelay,
  startRelayed,
} from '../support/capturing.js';
import { NEEDS_A_STORE, type Runs } from '../support/run.js';
import { start } from '../support/start.js';
import { until } from '../support/until.js';

const MESSAGE = { to: 'ada@example.com', subject: 'Hi', text: 'Hi' };

export const ATTACHMENTS: Runs = {
  attachments: async (load) => {
    const { Readable: Stream } = await import('node:stream');
    vi.stubGlobal('openFromBucket', (name: string) => Stream.from([name]));
    const { attachments } = await load<{
      attachments: { filename: string; content: () => Readable }[];
    }>();
    const { mail, captured } = await startCapturing();

    await mail.send({ ...MESSAGE, attachments });

    expect(String(captured().sent()[0]?.raw)).toContain('filename=terms.pdf');
  },
};

interface Watch {
  onModuleInit(): void;
}

export const EVENTS: Runs = {
  MailWatch: async (load) => {
    const { MailWatch } = await load<{
      MailWatch: new (mail: MailService) => Watch;
    }>();
    const { Logger } = await import('@nestjs/common');
    const warn = vi.spyOn(Logger.prototype, 'warn').mockReturnValue();
    const { mail, captured } = await startCapturing();
    new MailWatch(mail).onModuleInit();
    captured().failNext('550 No such user');

    await mail.send(MESSAGE).catch(() => undefined);

    expect(warn).toHaveBeenCalledWith(expect.stringContaining('No such user'));
  },
  'sent-channel.ts': async (load) => {
    const log = vi.spyOn(console, 'log').mockReturnValue();
    const { mail } = await startCapturing();
    await load();

    await mail.send(MESSAGE);

    expect(log).toHaveBeenCalledWith('default', expect.any(Number));
  },
};

export const KUBERNETES: Runs = {
  mail: async (load) => {
    const save = vi.fn(async () => undefined);
    vi.stubGlobal('outbox', { save });
    const { mail: module } = await load<{ mail: DynamicModule }>();
    const { app, mail } = await start({ imports: [module] }, {});
    mail.pause('a test');
    mail.send(MESSAGE).catch(() => undefined);

    await app.close();

    expect(save).toHaveBeenCalledWith([
      expect.objectContaining({ message: MESSAGE }),
    ]);
    const page = readFileSync('docs/kubernetes.md', 'utf8');
    const seconds = (pattern: RegExp): number =>
      Number(pattern.exec(page)?.[1]?.replace('_', ''));
    const grace = seconds(/terminationGracePeriodSeconds: (\d+)/);
    const before = seconds(/sleep: \{ seconds: (\d+) \}/);
    const drain = seconds(/timeoutMs: ([\d_]+),/) / 1000;
    // The page promises ten seconds for the report.
    expect(grace - before - drain).toBe(10);
  },
};

export const OBSERVABILITY: Runs = {
  'mail-alerts.ts': async (load) => {
    const { MailAlerts } = await load<{
      MailAlerts: new (mail: MailService) => Watch & { raised: string[] };
    }>();
    const { mail, relay } = await startRelayed();
    const alerts = new MailAlerts(mail);
    alerts.onModuleInit();
    relay.fail('auth', SENDGRID_REPLIES.creditsExceeded, { times: Infinity });

    mail.enqueue(MESSAGE);
    await until(() => alerts.raised.length > 0);

    expect(alerts.raised).toEqual([expect.stringContaining('credits')]);
  },
  HealthController: async (load) => {
    const { HealthModule } = await load<{ HealthModule: Type }>();
    const { SendGridSmtpModule } = await import('nestjs-sendgrid-smtp');
    const module = SendGridSmtpModule.forRoot({ mode: 'capture' });
    const { app } = await start({ imports: [module, HealthModule] });
    await app.listen(0, '127.0.0.1');

    const response = await fetch(`${await app.getUrl()}/health/ready`);

    expect(await response.json()).toMatchObject({
      status: 'ok',
      details: { mail: { mode: 'capture' } },
    });
  },
};

export const PRIVACY: Runs = {
  'tell-a-friend.ts': async (load) => {
    const { tellFriend } = await load<{
      tellFriend: (mail: MailService, typed: string) => Promise<SendReceipt>;
    }>();
    const { mail, captured } = await startCapturing();

    await tellFriend(mail, 'ada@example.com');
    await expect(
      tellFriend(mail, 'ada@example.com, eve@example.com'),
    ).rejects.toMatchObject({ code: 'INVALID_MESSAGE' });
    expect(captured().sent()).toHaveLength(1);
  },
  'forget-me.ts': NEEDS_A_STORE,
};

export const SERVERLESS: Runs = {
  'mail-function.ts': async (load) => {
    const contexts = vi
      .spyOn(NestFactory, 'createApplicationContext')
      .mockImplementation(async (module: unknown) => {
        const { app } = await start({ imports: [module as Type] });
        return app;
      });

    const { handler } = await load<{
      handler: (
        event: { email: string },
        invocation: { getRemainingTimeInMillis: () => number },
      ) => Promise<{ messageId: string }>;
    }>();
    const invocation = { getRemainingTimeInMillis: () => 30_000 };
    const first = await handler({ email: 'ada@example.com' }, invocation);
    const second = await handler({ email: 'bob@example.com' }, invocation);

    expect(first.messageId).not.toBe(second.messageId);
    expect(contexts).toHaveBeenCalledTimes(1);
  },
  'mail-once.ts': async (load) => {
    const { sendOnce } = await load<{
      sendOnce: (
        options: SendGridTransportOptions,
        message: SendMailOptions,
      ) => Promise<string>;
    }>();
    const relay = await startRelay();

    const from = 'hello@shop.example';
    const messageId = await sendOnce(relay.options, { ...MESSAGE, from });

    expect(relay.messages).toMatchObject([{ messageId }]);
    await relay.waitUntil(({ quits }) => quits === 1);
  },
  'mail-producer.ts': NEEDS_A_STORE,
};

export const TELEMETRY: Runs = {
  'traced.module.ts': async (load) => {
    const telemetry = new RecordedTelemetry();
    telemetry.start();
    onTestFinished(() => telemetry.stop());
    const { AppModule } = await load<{ AppModule: Type }>();
    const { mail } = await start(
      { imports: [AppModule] },
      { mode: 'capture', defaults: { from: 'hello@shop.example' } },
    );

    await mail.send(MESSAGE);

    expect(telemetry.spans.map(({ name }) => name)).toEqual(['send default']);
  },
};

export const X_SMTPAPI: Runs = {
  receipt: async (load) => {
    const { receipt } = await load<{
      receipt: (mail: MailService) => Promise<void>;
    }>();
    const { mail, captured } = await startCapturing();

    await receipt(mail);

    expect(captured().sent()[0]?.smtpApi).toMatchObject({
      category: ['receipts'],
      asm_group_id: 1234,
      unique_args: { order: '4711' },
    });
  },
  invitations: async (load) => {
    const { invitations } = await load<{
      invitations: (mail: MailService) => Promise<void>;
    }>();
    const { mail } = await startCapturing();
    const log = vi.spyOn(console, 'log').mockReturnValue();

    await invitations(mail);

    // As the page says behind the line.
    expect(log).toHaveBeenCalledWith(2);
  },
};
