import { Readable } from 'node:stream';
import {
  getMailServiceToken,
  SendGridSmtpModule,
  type MailService,
} from 'nestjs-sendgrid-smtp';
import { capturedMail, FakeSendGrid } from 'nestjs-sendgrid-smtp/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MailboxApp } from '../support/mailbox-app.js';

const box = new MailboxApp();
let relay: FakeSendGrid;

beforeAll(async () => {
  relay = await FakeSendGrid.start();
});
afterEach(() => relay.clear());
afterAll(() => relay.stop());

const MAIL = { to: 'ada@example.com', subject: 'Hello', text: 'Hi' };

describe('a mailbox', () => {
  it('keeps mail from being sent, in whatever way it is given', async () => {
    const { options } = relay;
    const mail = {
      ...options,
      pool: { minConnections: 2 },
      verifyOnStart: 'fail' as const,
      tenants: () => ({ apiKey: 'SG.of-a-tenant.0123456789012345' }),
    };
    await box.start({ mail });

    const receipt = await box.mail.send(MAIL);
    await box.mail.forTenant('acme').send({ ...MAIL, subject: 'Of acme' });
    box.mail.enqueue({ ...MAIL, subject: 'Enqueued' });
    await box.mail.sendMany([{ ...MAIL, subject: 'Of many' }]);
    await box.mail.sendMerge({
      subject: 'Merged',
      html: 'x',
      recipients: [{ to: 'a@example.com' }, { to: 'b@example.com' }],
    });

    expect(receipt.accepted).toEqual(['ada@example.com']);
    const { messages } = await box.list('?limit=10');
    expect(
      messages.map(({ subject, tenant, state }) => [subject, tenant, state]),
    ).toEqual([
      ['Merged', undefined, 'captured'],
      ['Of many', undefined, 'captured'],
      ['Enqueued', undefined, 'captured'],
      ['Of acme', 'acme', 'captured'],
      ['Hello', undefined, 'captured'],
    ]);
    expect(messages[0]).toMatchObject({
      to: ['a@example.com', 'b@example.com'],
    });
    expect(relay.counters.connections).toBe(0);
  });

  it('needs no key to do so, and leaves it to tests to look at the same mail', async () => {
    await box.start({ mail: { apiKey: undefined } });

    await box.mail.send(MAIL);

    expect(capturedMail(box.app).sent()).toHaveLength(1);
    await expect(box.list()).resolves.toMatchObject({ total: 1 });
  });

  it('shows mail that is sent too with `deliver: true`, and how that ended', async () => {
    await box.start({ mailbox: { deliver: true }, mail: relay.options });

    const receipt = await box.mail.send(MAIL);
    const accepted = await box.newest();
    relay.fail('message', '550 5.1.1 No such user');
    await expect(box.mail.send(MAIL)).rejects.toThrow('550');
    const rejected = await box.newest();

    expect(relay.messages).toHaveLength(1);
    expect(accepted).toMatchObject({
      messageId: receipt.messageId,
      state: 'accepted',
      outcome: {
        response: receipt.response,
        sendGridId: receipt.sendGridId,
        attempts: 1,
        rejected: [],
      },
    });
    expect(rejected).toMatchObject({
      state: 'rejected',
      outcome: { code: 'REJECTED', response: '550 5.1.1 No such user' },
    });
  });

  it('shows a message while it is being sent', async () => {
    await box.start({ mailbox: { deliver: true }, mail: relay.options });
    box.mail.pause('for a look');

    const sent = box.mail.send(MAIL);
    await expect(box.list('?waitMs=10000')).resolves.toMatchObject({
      messages: [{ state: 'sending' }],
    });
    box.mail.resume();
    await sent;

    await expect(box.list()).resolves.toMatchObject({
      messages: [{ state: 'accepted' }],
    });
  });

  it('shows what of a stream has left, which is read once', async () => {
    const mail = { ...relay.options, queue: { maxStreamBytes: 1000 } };
    await box.start({ mailbox: { deliver: true }, mail });
    const lines = Array.from({ length: 2000 }, (_, n) => `line ${n}\n`);

    await box.mail.send({
      ...MAIL,
      attachments: [{ filename: 'a.txt', content: Readable.from(lines) }],
    });
    await box.mail.send({
      ...MAIL,
      attachments: [{ filename: 'b.txt', content: () => Readable.from(lines) }],
    });

    const { messages } = await box.list();
    expect(messages.map(({ state }) => state)).toEqual([
      'accepted',
      'accepted',
    ]);
    for (const [n, { id }] of messages.toReversed().entries()) {
      const { body } = await box.ask(`/messages/${id}/attachments/0`);
      expect(body).toBe(lines.join(''));
      const { body: source } = await box.ask(`/messages/${id}/source`);
      expect(source).toBe(relay.messages[n]?.raw.toString());
    }
  });

  it('shows every instance, or those that are named while the others send', async () => {
    const name = 'marketing';
    const other = SendGridSmtpModule.forRoot({
      ...relay.options,
      name,
      defaults: { from: 'news@shop.example' },
    });
    const metadata = { imports: [other] };
    const send = async (): Promise<void> => {
      await box.mail.send(MAIL);
      const token = getMailServiceToken(name);
      await box.app.get<MailService>(token, { strict: false }).send(MAIL);
    };
    await box.start({ metadata, mail: relay.options });
    await send();

    const { messages } = await box.list();
    expect(messages.map(({ instance }) => instance)).toEqual([name, 'default']);
    expect(relay.messages).toHaveLength(0);

    await box.close();
    const mailbox = { instances: ['default'] };
    await box.start({ metadata, mailbox, mail: relay.options });
    await send();

    await expect(box.list()).resolves.toMatchObject({
      messages: [{ instance: 'default' }],
      total: 1,
    });
    expect(relay.messages).toHaveLength(1);
    expect(relay.messages[0]?.from?.address).toBe('news@shop.example');
  });
});
