import { generateKeyPairSync } from 'node:crypto';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { describe, expect, it } from 'vitest';
import { SendGridTransport } from 'nestjs-sendgrid-smtp';
import {
  capturedMail,
  type ReceivedMessage,
} from 'nestjs-sendgrid-smtp/testing';
import { CAPTURE, MESSAGE } from './support/options.js';
import { recordLogs } from './support/recording-logger.js';
import { RelayedApp } from './support/relayed-app.js';
import { WAYS_TO_NAME } from './support/ways-to-name.js';

const logger = recordLogs();
const DEFAULTS = { from: 'Shop <shop@example.com>' };
const CONTENT = { subject: 'Hello', text: 'Hi' };
const TARGET = 'qa@staging.example';

const site = new RelayedApp(logger, {
  defaults: DEFAULTS,
  redirect: { to: TARGET },
});

async function received(): Promise<ReceivedMessage> {
  const [message] = await site.relay.waitFor(1);
  if (message === undefined) throw new Error('nothing was received');
  return message;
}

function headersOf({ raw }: { raw: Buffer }): string {
  const text = raw.toString();
  return text.slice(0, text.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ');
}

describe('redirect', () => {
  it.each(WAYS_TO_NAME)(
    'leads to its target alone: $way',
    async ({ message, plugins }) => {
      const mail = await site.start({ plugins });

      const receipt = await mail.send({ ...CONTENT, ...message });

      const { envelope, ...got } = await received();
      expect(envelope.to).toEqual([TARGET]);
      expect(receipt.accepted).toEqual([TARGET]);
      expect(site.relay.messages).toHaveLength(1);
      expect(headersOf(got)).toMatch(/^X-Original-To: .*@/im);
      expect(headersOf(got)).not.toMatch(/^Bcc:/im);
    },
  );

  it.each(WAYS_TO_NAME.filter(({ message }) => message.raw === undefined))(
    'shows nobody else in To and Cc: $way',
    async ({ message, plugins }) => {
      const mail = await site.start({ plugins });

      await mail.send({ ...CONTENT, ...message });

      const shown =
        headersOf(await received()).match(/^(?:To|Cc): .*$/gim) ?? [];
      for (const line of shown) expect(line).toMatch(/: qa@staging\.example$/);
    },
  );

  it.each(WAYS_TO_NAME)('holds in mode capture: $way', async (one) => {
    const mail = await site.start({
      ...CAPTURE,
      redirect: { to: TARGET },
      plugins: one.plugins,
    });

    await mail.send({ ...CONTENT, ...one.message });

    const sent = capturedMail(site.app).sent();
    expect(sent?.map(({ envelope }) => envelope.to)).toEqual([[TARGET]]);
  });

  it.each(WAYS_TO_NAME)(
    'holds in a transport without Nest: $way',
    async ({ message, plugins = [] }) => {
      const transport = new SendGridTransport({
        ...site.relay.options,
        redirect: { to: TARGET },
      });
      const mailer = createTransport(transport, DEFAULTS);
      for (const { step, plugin } of plugins) mailer.use(step, plugin);

      // Admission takes more forms than nodemailer's types know.
      await mailer.sendMail({ ...CONTENT, ...message } as SendMailOptions);

      await transport.close();
      expect((await received()).envelope.to).toEqual([TARGET]);
    },
  );

  it('holds for enqueued mail', async () => {
    const mail = await site.start({});

    mail.enqueue(MESSAGE);

    expect((await received()).envelope.to).toEqual([TARGET]);
  });

  it('holds for recipients in a default header', async () => {
    const headers = { Cc: 'boss@example.org' };
    const mail = await site.start({ defaults: { ...DEFAULTS, headers } });

    await mail.send(MESSAGE);

    const message = await received();
    expect(message.envelope.to).toEqual([TARGET]);
    expect(headersOf(message)).toMatch(/^Cc: qa@staging\.example$/m);
  });

  it('leaves the excepted alone, with their names', async () => {
    const mail = await site.start({
      redirect: { to: TARGET, except: ['@team.example', 'bob@example.org'] },
    });

    await mail.send({
      ...CONTENT,
      to: ['Ann <ann@team.example>', 'Eve <eve@example.org>'],
      cc: 'Bob <bob@example.org>',
      bcc: ['carl@sub.team.example', 'qa@staging.example'],
    });

    const message = await received();
    expect(message.envelope.to).toEqual([
      'ann@team.example',
      TARGET,
      'bob@example.org',
    ]);
    expect(headersOf(message)).toMatch(
      /^To: Ann <ann@team\.example>, qa@staging\.example$/m,
    );
    expect(headersOf(message)).toMatch(/^Cc: Bob <bob@example\.org>$/m);
    expect(headersOf(message)).toMatch(
      /^X-Original-To: eve@example\.org, carl@sub\.team\.example$/m,
    );
  });

  it('adds no header when nobody is replaced', async () => {
    const mail = await site.start({
      redirect: { to: TARGET, except: ['example.net'] },
    });

    await mail.send(MESSAGE);
    await mail.send({
      raw: 'From: a@example.com\r\n\r\nHi\r\n',
      envelope: { from: 'a@example.com', to: 'ada@example.net' },
    });

    for (const message of await site.relay.waitFor(2)) {
      expect(message.envelope.to).toEqual(['ada@example.net']);
      expect(headersOf(message)).not.toContain('X-Original-To');
    }
  });

  it('folds X-Original-To, and puts it in front of a raw message', async () => {
    const mail = await site.start({});
    const to = Array.from({ length: 50 }, (_, n) => `user${n}@example.net`);

    await mail.send({ ...CONTENT, to });
    await mail.send({
      raw: 'From: a@example.com\r\nTo: ada@example.net\r\n\r\nHi\r\n',
      envelope: { from: 'a@example.com', to },
    });

    const [composed, raw] = await site.relay.waitFor(2);
    expect(composed && headersOf(composed)).toContain(
      `X-Original-To: ${to.join(', ')}`,
    );
    expect(raw && headersOf(raw)).toBe(
      `X-Original-To: ${to.join(', ')}\r\nFrom: a@example.com\r\nTo: ada@example.net`,
    );
    for (const line of String(raw?.raw).split('\r\n')) {
      expect(line.length).toBeLessThanOrEqual(78);
    }
  });

  it('refuses X-SMTPAPI, which could add recipients, in a raw message', async () => {
    const mail = await site.start({});

    const sent = mail.send({
      raw: 'From: a@example.com\r\nx-smtpapi: {"to":["eve@example.org"]}\r\n\r\n',
      envelope: { from: 'a@example.com', to: 'ada@example.net' },
    });

    await expect(sent).rejects.toMatchObject({ code: 'INVALID_MESSAGE' });
    expect(site.relay.messages).toEqual([]);
  });

  it('rewrites before DKIM signs', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const mail = await site.start({
      dkim: {
        domainName: 'example.com',
        keySelector: 'one',
        headerFieldNames: 'from:to:x-original-to',
        privateKey: privateKey
          .export({ type: 'pkcs8', format: 'pem' })
          .toString(),
      },
    });

    await mail.send(MESSAGE);

    const headers = headersOf(await received());
    expect(headers).toMatch(/^DKIM-Signature: .*h=from:to:x-original-to;/im);
    expect(headers).toMatch(/^To: qa@staging\.example$/m);
  });

  it('is told at start', async () => {
    await site.start({ redirect: { to: TARGET, except: ['team.example'] } });

    expect(logger.ours).toContainEqual(
      'warn [default] `redirect` is on: mail goes to qa@staging.example instead of to all recipients that `redirect.except` does not list SendGridSmtpModule',
    );
  });
});
