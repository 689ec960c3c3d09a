import { Test, type TestingModule } from '@nestjs/testing';
import { AssertionError } from 'node:assert';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MailService, SendGridSmtpModule } from 'nestjs-sendgrid-smtp';
import {
  assertNotSent,
  assertSent,
  assertSentTimes,
  FakeSendGrid,
  mailMatchers,
  matchesMail,
  overrideMail,
  type MailCapture,
  type MailMatchers,
  type MailQuery,
} from 'nestjs-sendgrid-smtp/testing';

declare module 'vitest' {
  // The parameter must be there, as vitest has it.
  interface Matchers<T> extends MailMatchers {}
}
expect.extend(mailMatchers);

let module: TestingModule;
let mail: MailCapture;
let service: MailService;

beforeEach(async () => {
  const builder = Test.createTestingModule({
    imports: [SendGridSmtpModule.forRoot({ apiKey: 'none' })],
  });
  mail = overrideMail(builder, 'default', {
    defaults: { from: 'Shop <hello@shop.example>' },
  });
  module = await builder.compile();
  service = module.get(MailService);
});
afterEach(() => module.close());

const INVOICE = {
  to: [{ name: 'Ada', email: 'Ada@example.com' }, 'bob@example.com'],
  bcc: 'audit@shop.example',
  subject: 'Your invoice 7',
  text: 'Amount:\n12 EUR',
  html: '<p>Amount: 12 EUR</p>',
  headers: { 'X-Order': '7' },
  attachments: [{ filename: 'invoice.pdf', content: '%PDF-' }],
  sendgrid: { categories: ['invoices'], customArgs: { order: 7 } },
};

const MATCHES: readonly MailQuery[] = [
  {},
  { to: 'ada@example.com' },
  { to: ['BOB@example.com', /^audit@/] },
  { from: 'hello@shop.example' },
  { subject: 'Your invoice 7' },
  { subject: /invoice \d/ },
  { subject: expect.stringContaining('invoice') },
  { subject: (text) => text.length === 14 },
  { text: '12 EUR' },
  { text: 'Amount:\n12' },
  { html: '<p>Amount' },
  { headers: { 'x-order': '7' } },
  { attachments: 'invoice.pdf' },
  { categories: ['invoices'], customArgs: { order: '7' } },
  { to: /ada/i, subject: /invoice/, attachments: /\.pdf$/ },
];

const MISSES: readonly MailQuery[] = [
  { to: 'ada' },
  { to: ['ada@example.com', 'eve@example.com'] },
  { from: 'Shop' },
  { subject: 'Your invoice' },
  { subject: expect.stringContaining('bill') },
  { text: '13 EUR' },
  { headers: { 'X-Order': '8' } },
  { headers: { 'X-Other': /.*/ } },
  { attachments: 'invoice' },
  { categories: 'orders' },
  { customArgs: { order: '8' } },
  { tenant: 'acme' },
];

describe('toHaveSent', () => {
  it.each(MATCHES)('finds by %o', async (query) => {
    await service.send(INVOICE);

    expect(mail).toHaveSent(query);
    expect(mail.sent()).toHaveSent(query);
  });

  it.each(MISSES)('does not find by %o', async (query) => {
    await service.send(INVOICE);

    expect(mail).not.toHaveSent(query);
  });

  it('finds in a fake relay as it finds in memory', async () => {
    const relay = await FakeSendGrid.start();
    const real = await Test.createTestingModule({
      imports: [
        SendGridSmtpModule.forRoot({
          ...relay.options,
          defaults: { from: 'Shop <hello@shop.example>' },
        }),
      ],
    }).compile();
    await real.get(MailService).send(INVOICE);

    for (const query of MATCHES) expect(relay).toHaveSent(query);
    for (const query of MISSES) expect(relay).not.toHaveSent(query);
    await real.close();
    await relay.stop();
  });

  it('finds those whom X-SMTPAPI names, here and there', async () => {
    const relay = await FakeSendGrid.start();
    const real = await Test.createTestingModule({
      imports: [SendGridSmtpModule.forRoot(relay.options)],
    }).compile();
    const merge = {
      from: 'hello@shop.example',
      subject: 'News',
      text: 'News',
      recipients: [{ to: 'Ada <ada@example.com>' }, { to: 'bob@example.com' }],
    };
    await real.get(MailService).sendMerge(merge);
    await service.sendMerge(merge);

    for (const source of [relay, mail]) {
      expect(source).toHaveSentTimes(1);
      expect(source).toHaveSent({ to: ['ada@example.com', 'bob@example.com'] });
    }
    await real.close();
    await relay.stop();
  });

  it('shows how the closest message differs', async () => {
    await service.send({ to: 'eve@example.com', subject: 'Other', text: '-' });
    await service.send(INVOICE);

    const expectation = (): void =>
      expect(mail).toHaveSent({
        to: 'ada@example.com',
        subject: /reminder/i,
        headers: { 'X-Priority': expect.stringContaining('1') },
      });

    expect(expectation).toThrowErrorMatchingInlineSnapshot(`
      [Error: Expected a message with to "ada@example.com", subject /reminder/i, headers.X-Priority StringContaining '1' to have been sent, but it was not.
      The closest of 2 messages, "Your invoice 7" to Ada@example.com and 2 more, differs:
          to: as expected
        - subject
            expected: /reminder/i
            received: "Your invoice 7"
        - headers.X-Priority
            expected: StringContaining '1'
            received: nothing
      Also sent:
        "Other" to eve@example.com]
    `);
  });

  it('shows what was sent when nothing should have been', async () => {
    await service.send(INVOICE);

    expect(() => expect(mail).not.toHaveSent({ to: 'ada@example.com' }))
      .toThrowErrorMatchingInlineSnapshot(`
      [Error: Expected a message with to "ada@example.com" not to have been sent, but it was:
        "Your invoice 7" to Ada@example.com and 2 more]
    `);
  });

  it('says that nothing was sent', () => {
    expect(() => expect(mail).toHaveSent({ to: 'ada@example.com' }))
      .toThrowErrorMatchingInlineSnapshot(`
      [Error: Expected a message with to "ada@example.com" to have been sent, but it was not.
      No message was sent.]
    `);
  });

  it('counts', async () => {
    await service.send(INVOICE);
    await service.send({ ...INVOICE, subject: 'Again' });

    expect(mail).toHaveSentTimes(2);
    expect(mail).toHaveSentTimes(1, { subject: 'Again' });
    expect(mail).toHaveSentTimes(0, { subject: 'Never' });
    expect(() => expect(mail).toHaveSentTimes(1)).toThrow(
      /^Expected a message to have been sent 1 times, but it was 2 times:\n {2}"Your invoice 7" to Ada@example\.com and 2 more\n/,
    );
  });

  it('refuses what it cannot look for, and where it cannot look', () => {
    const misspelt = { subjcet: 'Hello' } as MailQuery;

    expect(() => expect(mail).not.toHaveSent(misspelt)).toThrow(
      'Mail is not looked for by `subjcet`, but by from, to, subject',
    );
    expect(() => expect('mail').toHaveSent()).toThrow(TypeError);
  });
});

describe('assertSent', () => {
  it('returns what it found, typed as what it was given', async () => {
    await service.send(INVOICE);

    const found = assertSent(mail, { subject: /invoice/ });

    expect(found.recipients).toHaveLength(3);
    expect(matchesMail(found, { to: 'bob@example.com' })).toBe(true);
    assertSentTimes(mail, 1);
    assertNotSent(mail, { to: 'eve@example.com' });
  });

  it.each([
    ['assertSent', (): unknown => assertSent(mail, { to: 'eve@example.com' })],
    ['assertSentTimes', (): void => assertSentTimes(mail, 2)],
    ['assertNotSent', (): void => assertNotSent(mail)],
  ])('%s fails as an assertion', async (_, assertion) => {
    await service.send(INVOICE);

    expect(assertion).toThrow(AssertionError);
    expect(assertion).toThrow(/^Expected a message/);
  });
});
