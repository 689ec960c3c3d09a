import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  MailService,
  SendGridSmtpModule,
  type SendGridSmtpModuleOptions,
} from '../../lib/index.js';
import {
  fieldsToEach,
  fieldsToOne,
} from '../unit/message/x-smtpapi/sendgrid-fields.arbitrary.js';
import { smtpApiValue, unfold } from '../unit/message/x-smtpapi/unfold.js';
import { postfix } from './servers/postfix.js';
import { selfSigned } from './support/certificate.js';
import { freePort } from '../support/servers/free-port.js';
import type { RunningServer, ServerSetting } from './support/mail-server.js';
import { collectMail } from './support/maildirs.js';

const MESSAGES = 60;

/** `INTEROP_SEED=n` repeats the messages of a run. */
const seed = Number(process.env['INTEROP_SEED'] ?? Date.now() % 1_000_000);

const WAYS: [string, SendGridSmtpModuleOptions][] = [
  ['composed at once', {}],
  [
    'composed by nodemailer',
    { plugins: [{ step: 'compile', plugin: (_mail, done) => done() }] },
  ],
];

describe('An X-SMTPAPI header through Postfix', () => {
  let setting: ServerSetting;
  let running: RunningServer | undefined;
  let app: INestApplicationContext | undefined;

  beforeAll(async () => {
    console.info(`INTEROP_SEED=${seed}`);
    const apiKey = `SG.${'a'.repeat(22)}.${'b'.repeat(43)}`;
    const certificate = await selfSigned();
    setting = { port: await freePort(), apiKey, certificate };
    running = await postfix.start(setting);
  });
  afterEach(() => app?.close());
  afterAll(() => running?.stop());

  it.each(WAYS)('says what was given: %s', async (_way, options) => {
    if (running === undefined) throw new Error('It has not started');
    app = await NestFactory.createApplicationContext(
      SendGridSmtpModule.forRoot({ ...optionsFor(setting), ...options }),
      { logger: false },
    );
    const mail = app.get(MailService);
    const samples = fc.sample(fc.oneof(fieldsToEach, fieldsToOne), {
      numRuns: MESSAGES,
      seed,
    });

    const given = await Promise.all(
      samples.map(async ({ to, sendgrid, smtpApi }) => {
        const { messageId } = await mail.send({
          to: [...to],
          text: 'Hi',
          sendgrid,
        });
        return [messageId, smtpApi] as const;
      }),
    );
    const stored = await collectMail(running);

    const delivered = stored.map(({ text }) => {
      const message = text.replaceAll('\n', '\r\n');
      const id = /^Message-ID: (\S+)/im.exec(message)?.[1] ?? '';
      return [id, unfold(smtpApiValue(message))] as const;
    });
    expect(new Map(delivered)).toEqual(new Map(given));
    expect(delivered).toHaveLength(MESSAGES);
  });
});

function optionsFor({
  port,
  apiKey,
  certificate,
}: ServerSetting): SendGridSmtpModuleOptions {
  return {
    apiKey,
    port,
    host: '127.0.0.1',
    security: 'starttls',
    tls: { ca: certificate.cert },
    correlation: false,
    defaults: { from: 'Shop <shop@example.com>' },
  };
}
