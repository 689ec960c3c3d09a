import { Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { createTransport } from 'nodemailer';
import { afterEach, describe, expect, it } from 'vitest';
import {
  getMailServiceToken,
  MailService,
  SendGridSmtpModule,
  SendGridTransport,
  type SendGridSmtpModuleOptions,
} from 'nestjs-sendgrid-smtp';
import {
  instrumentTransport,
  MailTelemetryModule,
} from 'nestjs-sendgrid-smtp/telemetry';
import { FakeSendGrid } from 'nestjs-sendgrid-smtp/testing';
import { API_KEY, CAPTURE, LEAK, MESSAGE } from './support/options.js';
import { recordTelemetry } from '../support/record-telemetry.js';

const telemetry = recordTelemetry();
const SOON = { baseDelayMs: 1, maxDelayMs: 1 };
@Module({})
class AppModule {}

let app: INestApplicationContext | undefined;
let relay: FakeSendGrid | undefined;

async function start(
  options: SendGridSmtpModuleOptions = CAPTURE,
): Promise<MailService> {
  const { name } = options;
  const module = {
    module: AppModule,
    imports: [
      SendGridSmtpModule.forRoot(options),
      MailTelemetryModule.forRoot({ name }),
    ],
  };
  app = await NestFactory.createApplicationContext(module, { logger: false });
  return app.get(getMailServiceToken(name));
}

async function startOnRelay(
  options: Partial<SendGridSmtpModuleOptions> = {},
): Promise<{ mail: MailService; relay: FakeSendGrid }> {
  const started = await FakeSendGrid.start({ apiKey: API_KEY });
  relay = started;
  const { defaults } = CAPTURE;
  const mail = await start({ ...started.options, defaults, ...options });
  return { mail, relay: started };
}

afterEach(async () => {
  await app?.close();
  await relay?.stop();
  app = undefined;
  relay = undefined;
});

describe('the span of a send', () => {
  it('is a child of the span that send was called in', async () => {
    const mail = await start();

    await trace.getTracer('tests').startActiveSpan('signup', async (signup) => {
      await mail.send(MESSAGE);
      signup.end();
    });

    const [send, signup] = telemetry.now.spans;
    expect(send?.parentSpanContext?.spanId).toBe(signup?.spanContext().spanId);
    expect(send?.spanContext().traceId).toBe(signup?.spanContext().traceId);
  });

  it('follows the caller when a message waits for others', async () => {
    const { mail } = await startOnRelay({ pool: { maxConnections: 1 } });
    const callers = ['first', 'second', 'third'];

    await Promise.all(
      callers.map((caller) =>
        trace.getTracer('tests').startActiveSpan(caller, async (span) => {
          const { messageId } = await mail.send(MESSAGE);
          span.setAttribute('sent', messageId);
          span.end();
        }),
      ),
    );

    const { spans } = telemetry.now;
    for (const caller of callers) {
      const parent = spans.find(({ name }) => name === caller);
      const id = parent?.spanContext().spanId;
      const sends = spans.filter(
        (span) => span.parentSpanContext?.spanId === id,
      );
      expect(sends).toHaveLength(1);
      expect(sends[0]?.attributes['messaging.message.id']).toBe(
        parent?.attributes['sent'],
      );
    }
  });

  it('is the active one while plugins run', async () => {
    let seen: string | undefined;
    const plugin = (_mail: unknown, done: () => void): void => {
      seen = trace.getActiveSpan()?.spanContext().spanId;
      done();
    };
    const plugins = [{ step: 'compile', plugin }] as const;
    const mail = await start({ ...CAPTURE, plugins });

    await mail.send(MESSAGE);
    const after = trace.getActiveSpan();

    expect(seen).toBe(telemetry.now.spans[0]?.spanContext().spanId);
    expect(after).toBeUndefined();
  });

  it('tells what became of the message', async () => {
    const {
      mail,
      relay: { port },
    } = await startOnRelay({ name: 'alerts' });

    const receipt = await mail.send(MESSAGE, { lane: 'urgent' });

    const [span] = telemetry.now.spans;
    expect(span?.name).toBe('send alerts');
    expect(span?.kind).toBe(SpanKind.CLIENT);
    expect(span?.status.code).toBe(SpanStatusCode.UNSET);
    expect(span?.attributes).toEqual({
      'messaging.system': 'sendgrid',
      'messaging.system.name': 'sendgrid',
      'messaging.operation.name': 'send',
      'messaging.operation.type': 'send',
      'messaging.destination.name': 'alerts',
      'messaging.message.id': receipt.messageId,
      'messaging.message.envelope.size': expect.any(Number),
      'server.address': '127.0.0.1',
      'server.port': port,
      'sendgrid_smtp.lane': 'urgent',
      'sendgrid_smtp.recipients': ['***@example.net'],
      'sendgrid_smtp.mail_id': receipt.mailId,
      'sendgrid_smtp.sendgrid_id': receipt.sendGridId,
      'sendgrid_smtp.attempts': 1,
      'sendgrid_smtp.recipients.accepted': 1,
      'sendgrid_smtp.recipients.rejected': 0,
    });
  });

  it('tells of each attempt that was put off', async () => {
    const { mail, relay: fake } = await startOnRelay({ retry: SOON });
    fake.fail('mail', '451 4.7.1 Try again later', { times: 2 });

    await mail.send(MESSAGE);

    const [span] = telemetry.now.spans;
    expect(
      span?.events.map(({ name, attributes }) => [name, attributes]),
    ).toEqual(
      [1, 2].map((attempt) => [
        'deferred',
        {
          'sendgrid_smtp.attempts': attempt,
          'sendgrid_smtp.retry_in': expect.any(Number),
          'sendgrid_smtp.reply.code': 451,
        },
      ]),
    );
    expect(span?.attributes['sendgrid_smtp.attempts']).toBe(3);
  });

  it('fails with the code and the scope, nothing unmasked', async () => {
    const { mail, relay: fake } = await startOnRelay();
    fake.fail('rcpt', '550 5.1.1 <ada@example.net> unknown, SG.abc');

    await mail.send(MESSAGE).catch(() => undefined);

    const [span] = telemetry.now.spans;
    expect(span?.status.code).toBe(SpanStatusCode.ERROR);
    expect(span?.status.message).toContain('***@example.net');
    expect(span?.events).toEqual([]);
    expect(span?.attributes).toMatchObject({
      'error.type': 'REJECTED',
      'sendgrid_smtp.scope': 'recipient',
      'sendgrid_smtp.delivery_state': 'not-sent',
      'sendgrid_smtp.reply.code': 550,
      'sendgrid_smtp.attempts': 1,
    });
  });

  it('fails without an attempt when the message never left', async () => {
    const mail = await start();

    await mail.send({ subject: 'To nobody', text: 'x' }).catch(() => undefined);
    await mail
      .send(MESSAGE, { signal: AbortSignal.abort() })
      .catch(() => undefined);

    const attributes = telemetry.now.spans.map((span) => span.attributes);
    expect(attributes).toMatchObject([
      { 'error.type': 'INVALID_MESSAGE', 'sendgrid_smtp.attempts': 0 },
      { 'error.type': 'ABORTED', 'sendgrid_smtp.attempts': 0 },
    ]);
    expect(attributes[1]).not.toHaveProperty('server.address');
  });

  it('shows recipients where the instance may, and never a key or a body', async () => {
    const { mail, relay: fake } = await startOnRelay({ showRecipients: true });
    const leak = `550 5.7.1 <ada@example.net> key ${API_KEY} Hi Ada` as const;
    fake.fail('mail', leak, { when: ({ message }) => message === 2 });

    await mail.send(MESSAGE);
    await mail.send(MESSAGE).catch(() => undefined);

    const text = await telemetry.now.text();
    expect(text).toContain('ada@example.net');
    expect(text).not.toMatch(LEAK);
    expect(text).not.toContain('Hello');
  });

  it('covers what is enqueued', async () => {
    const mail = await start();

    const { messageId } = mail.enqueue(MESSAGE);
    await mail.drain();

    expect(telemetry.now.spans[0]?.attributes).toMatchObject({
      'messaging.message.id': messageId,
      'sendgrid_smtp.lane': 'normal',
    });
  });
});

describe('MailTelemetryModule', () => {
  it('traces a send once however often it is imported', async () => {
    const imports = [
      SendGridSmtpModule.forRoot(CAPTURE),
      MailTelemetryModule.forRoot(),
      MailTelemetryModule.forRoot({ name: 'default' }),
    ];
    const module = { module: AppModule, imports };
    app = await NestFactory.createApplicationContext(module, { logger: false });

    await app.get(MailService).send(MESSAGE);

    expect(telemetry.now.spans).toHaveLength(1);
  });

  it('traces nothing once the instance is drained', async () => {
    const mail = await start();
    await mail.drain();
    await Promise.resolve();

    await mail.send(MESSAGE).catch(() => undefined);

    expect(telemetry.now.spans).toEqual([]);
  });

  it('fails the bootstrap when there is no such instance', async () => {
    const imports = [MailTelemetryModule.forRoot({ name: 'alerts' })];
    const module = { module: AppModule, imports };

    const started = NestFactory.createApplicationContext(module, {
      logger: false,
      abortOnError: false,
    });

    await expect(started).rejects.toMatchObject({
      code: 'INVALID_OPTIONS',
      message: expect.stringContaining("'alerts' is no mail instance"),
    });
  });
});

describe('instrumentTransport', () => {
  it('traces a transport without Nest until it is ended', async () => {
    const transport = new SendGridTransport({ mode: 'capture' });
    const stop = instrumentTransport(transport);
    const mailer = createTransport(transport, CAPTURE.defaults);

    await trace.getTracer('tests').startActiveSpan('job', async (job) => {
      await mailer.sendMail(MESSAGE);
      job.end();
    });
    stop();
    await mailer.sendMail(MESSAGE);

    const [send, job, ...rest] = telemetry.now.spans;
    expect(send?.name).toBe('send transport');
    expect(send?.parentSpanContext?.spanId).toBe(job?.spanContext().spanId);
    expect(rest).toEqual([]);
    await transport.close();
  });
});
