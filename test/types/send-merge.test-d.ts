import { assertType, describe, expectTypeOf, it } from 'vitest';
import type {
  MailService,
  MergeOutcome,
  MergeRecipient,
  SendPart,
  SendReceipt,
  SendRun,
  SendTotals,
} from 'nestjs-sendgrid-smtp';

declare const mail: MailService;

const message = { subject: 'Hi -name-', text: 'Hi -name-' };
const recipients: MergeRecipient[] = [
  { to: 'ada@example.net', substitutions: { '-name-': 'Ada' } },
];

describe('MailService.sendMerge', () => {
  it('gives a run of outcomes that name their recipient', () => {
    const run = mail.sendMerge({ ...message, recipients });

    expectTypeOf(run).toEqualTypeOf<SendRun<MergeOutcome>>();
    expectTypeOf<Awaited<typeof run>>().toEqualTypeOf<SendTotals>();
    expectTypeOf<MergeOutcome['to']>().toEqualTypeOf<string>();
    expectTypeOf<
      Extract<MergeOutcome, { status: 'accepted' }>['receipt']
    >().toEqualTypeOf<SendReceipt>();
  });

  it('takes recipients as any iterable, and options of its own', () => {
    async function* source(): AsyncGenerator<MergeRecipient> {
      yield* recipients;
    }
    assertType(
      mail.sendMerge(
        {
          ...message,
          recipients: source(),
          sendgrid: { categories: 'news', substitutions: { '-name-': 'you' } },
        },
        { recipientsPerMessage: 10_000, raw: ['-name-'], stopOnError: true },
      ),
    );
  });

  it('refuses misuse', () => {
    const merge = { ...message, recipients };
    // @ts-expect-error -- everybody is a recipient
    assertType(mail.sendMerge({ ...merge, to: 'ada@example.net' }));
    // @ts-expect-error -- SendGrid sends no copies of a merge
    assertType(mail.sendMerge({ ...merge, cc: 'ada@example.net' }));
    // @ts-expect-error -- there are recipients
    assertType(mail.sendMerge(message));
    const sendgrid = { substitutions: { x: ['Ada'] } };
    // @ts-expect-error -- one text for all who have none of their own
    assertType(mail.sendMerge({ ...merge, sendgrid }));
    // @ts-expect-error -- texts are strings or numbers
    assertType<MergeRecipient>({ to: 'a@b.c', substitutions: { x: {} } });
    // @ts-expect-error -- milliseconds for all of them make no sense
    assertType(mail.sendMerge(merge, { timeoutMs: 5 }));
  });
});

describe('The option split', () => {
  it('gives the receipt its parts', () => {
    assertType(mail.send({ to: [] }, { split: true }));
    assertType(mail.enqueue({ to: [] }, { split: true }));
    expectTypeOf<SendReceipt['parts']>().toEqualTypeOf<
      readonly SendPart[] | undefined
    >();
  });
});
