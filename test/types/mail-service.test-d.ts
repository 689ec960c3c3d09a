import type { SentMessageInfo, Transport } from 'nodemailer';
import { from, type Observable } from 'rxjs';
import { assertType, describe, expectTypeOf, it } from 'vitest';
import type {
  MailError,
  MailService,
  MailStats,
  SendGridTransport,
  SendOutcome,
  SendReceipt,
  SendRun,
  SendTotals,
} from 'nestjs-sendgrid-smtp';

declare const mail: MailService;

const message = { to: 'ada@example.net', subject: 'Hello', text: 'Hi' };

describe('MailService', () => {
  it('resolves with a receipt that nodemailer code can read', () => {
    expectTypeOf(mail.send(message)).resolves.toEqualTypeOf<SendReceipt>();
    expectTypeOf<SendReceipt>().toExtend<SentMessageInfo>();
    expectTypeOf<SendReceipt['mailId']>().toEqualTypeOf<string | undefined>();
    expectTypeOf<SendGridTransport>().toExtend<Transport<SendReceipt>>();
  });

  it('takes addresses in nodemailer’s and SendGrid’s forms', () => {
    assertType(
      mail.send({
        ...message,
        from: { name: 'Shop', email: 'shop@example.com' },
        to: ['a@b.c', { name: 'Ada', address: 'ada@example.net' }],
        bcc: { email: 'eve@example.org' },
      }),
    );
  });

  it('takes what SendGrid does with a message', () => {
    assertType(
      mail.send({
        ...message,
        sendgrid: {
          categories: ['receipts'] as const,
          customArgs: { order: 7, paid: true },
          sendAt: new Date(),
          substitutions: { '-name-': ['Ada'], '-shop-': 'Shop' },
          asm: null,
          filters: { dkim: { settings: { domain: 'a.example', use_from: 0 } } },
        },
      }),
    );
  });

  it('takes a template, with a context of any type of object', () => {
    interface Order {
      readonly number: number;
    }
    const context: Order = { number: 7 };
    assertType(mail.send({ to: 'a@b.c', template: 'order', context }));
    assertType(
      mail.sendMerge({ template: 'order', locale: 'de', recipients: [] }),
    );
    // @ts-expect-error -- a context holds variables by name
    assertType(mail.send({ to: 'a@b.c', template: 'order', context: 7 }));
  });

  it('takes files and URLs as content', () => {
    const href = 'https://shop.example/a';
    assertType(
      mail.send({ ...message, raw: { path: 'a' }, attachments: [{ href }] }),
    );
    assertType(
      mail.send({
        ...message,
        // @ts-expect-error -- URLs are fetched without settings of the message
        attachments: [{ href, tls: { rejectUnauthorized: false } }],
      }),
    );
  });

  it('returns a Message-ID from enqueue, and no promise', () => {
    expectTypeOf(mail.enqueue(message)).toEqualTypeOf<{ messageId: string }>();
    expectTypeOf(mail.forTenant('acme')).toEqualTypeOf<MailService>();
    expectTypeOf(mail.stats()).toEqualTypeOf<MailStats>();
  });

  it('tells outcomes by their status', () => {
    const run = mail.sendMany([message], { concurrency: 5, total: 1 });
    expectTypeOf(run).toEqualTypeOf<SendRun>();
    expectTypeOf(run).toExtend<AsyncIterable<SendOutcome>>();
    expectTypeOf(run).toExtend<PromiseLike<SendTotals>>();
    const tell = (outcome: SendOutcome): unknown => {
      if (outcome.status === 'accepted') {
        expectTypeOf(outcome.receipt).toEqualTypeOf<SendReceipt>();
        // @ts-expect-error -- what was accepted has no error
        return outcome.error;
      }
      expectTypeOf(outcome.error).toEqualTypeOf<MailError>();
      // @ts-expect-error -- what was not accepted has no receipt
      return outcome.receipt;
    };
    expectTypeOf(tell).toBeFunction();
  });

  it('gives the totals of a run to who awaits it, and outcomes to RxJS', async () => {
    const run = mail.sendMany(new Set([message]));
    expectTypeOf(await run).toEqualTypeOf<SendTotals>();
    expectTypeOf<Awaited<typeof run>>().toEqualTypeOf<SendTotals>();
    expectTypeOf(Promise.all([run, run])).resolves.toEqualTypeOf<
      [SendTotals, SendTotals]
    >();
    expectTypeOf(from(run)).toEqualTypeOf<Observable<SendOutcome>>();
    void run.then((totals) => {
      expectTypeOf(totals).toEqualTypeOf<SendTotals>();
    });
    for await (const outcome of run) {
      expectTypeOf(outcome).toEqualTypeOf<SendOutcome>();
    }
  });

  it('refuses misuse', () => {
    // @ts-expect-error -- an address needs an address
    assertType(mail.send({ ...message, to: { name: 'Ada' } }));
    // @ts-expect-error -- no such lane
    assertType(mail.send(message, { lane: 'fast' }));
    // @ts-expect-error -- milliseconds are a number
    assertType(mail.send(message, { timeoutMs: '5s' }));
    // @ts-expect-error -- not an AbortSignal
    assertType(mail.send(message, { signal: true }));
    // @ts-expect-error -- enqueue cannot be waited for
    assertType(mail.enqueue(message, { timeoutMs: 5 }));
    // @ts-expect-error -- the signal is an option of send
    assertType(mail.send({ ...message, signal: AbortSignal.abort() }));
    // @ts-expect-error -- would write headers that were not checked
    assertType(mail.send({ ...message, normalizeHeaderKey: String }));
    // @ts-expect-error -- the field is `categories`
    assertType(mail.send({ ...message, sendgrid: { category: 'a' } }));
    // @ts-expect-error -- SendGrid takes strings, and what is made one
    assertType(mail.send({ ...message, sendgrid: { customArgs: { a: {} } } }));
    // @ts-expect-error -- a group has an id
    assertType(mail.send({ ...message, sendgrid: { asm: {} } }));
    // @ts-expect-error -- a single message is for `send`
    assertType(mail.sendMany(message));
    // @ts-expect-error -- a run has no time limit, but a signal
    assertType(mail.sendMany([message], { timeoutMs: 5000 }));
  });
});
