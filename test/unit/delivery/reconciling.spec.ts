import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MailError } from '../../../lib/errors/mail-error.js';
import type { Parcel } from '../../../lib/pool/parcel.js';
import type { Rotation } from '../../../lib/pool/rotation.js';
import type { SmtpConnection } from '../../../lib/smtp/smtp-connection.js';
import { Sending, toldAll, type SendingOptions } from './support/sending.js';
import {
  accepted,
  BUSY,
  NEVER,
  OK,
  refused,
  unanswered,
} from './support/verdicts.js';

const RECONCILE_MS = 60_000;
const RECIPIENT = 'ada@example.com';
const EVENT = { mailId: 'mail-1', recipient: RECIPIENT, sendGridId: 'queued' };

function reconciling(options: SendingOptions = {}): Sending {
  const envelope = { from: 'hello@shop.example', to: ['Ada@Example.com'] };
  return new Sending({
    mail: { mailId: 'mail-1', envelope },
    ...options,
    retry: {
      onUnknown: 'reconcile',
      reconcileMs: RECONCILE_MS,
      ...options.retry,
    },
  });
}

/** As one that a connection has taken. */
function aboard(parcel: Parcel): void {
  parcel.boards({} as SmtpConnection, {} as Rotation);
}

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'],
  });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a message without a reply that waits for an event', () => {
  it('is accepted once an event names it', () => {
    const sending = reconciling();
    sending.end(unanswered());
    expect(sending.settled).toBe(false);
    expect(sending.unknownSends.size).toBe(1);

    expect(sending.delivery.confirm([EVENT])).toBe(true);

    expect(sending.receipts).toMatchObject([
      {
        accepted: ['Ada@Example.com'],
        sendGridId: 'queued',
        attempts: 1,
        response:
          '250 Ok: queued as queued (the reply was lost; an event tells)',
      },
    ]);
    expect(sending.submitted).toHaveLength(1);
    expect(sending.unknownSends.size).toBe(0);
    expect(sending.places.ledger.totals).toMatchObject({ accepted: 1 });
  });

  it('is sent again when nothing is heard, at the cost of an attempt and not of its age', async () => {
    const sending = reconciling({
      lane: 'normal',
      retry: { maxAgeMs: { urgent: 30_000, normal: 30_000, bulk: 1 } },
    });
    sending.end(unanswered());

    await vi.advanceTimersByTimeAsync(RECONCILE_MS - 1);
    expect(sending.submitted).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1 + 1000);

    expect(sending.submitted).toEqual(['last', 'first']);
    sending.end(accepted('second', OK));
    expect(sending.receipts).toMatchObject([
      { sendGridId: 'second', attempts: 2 },
    ]);
    expect(sending.unknownSends.size).toBe(0);
  });

  it('is of unknown outcome when no attempt is left after the wait', async () => {
    const sending = reconciling({ retry: { maxAttempts: 1 } });
    sending.end(unanswered());

    await vi.advanceTimersByTimeAsync(RECONCILE_MS);

    expect(sending.errors).toMatchObject([{ code: 'OUTCOME_UNKNOWN' }]);
    // An event may still come.
    expect(sending.unknownSends.size).toBe(1);
  });

  it('hears through the store what another process was told', async () => {
    const sending = reconciling();
    sending.end(unanswered());
    sending.unknownSends.settle([{ ...EVENT, sendGridId: 'elsewhere' }]);

    await vi.advanceTimersByTimeAsync(5000);

    expect(sending.receipts).toMatchObject([{ sendGridId: 'elsewhere' }]);
  });

  it('does not wait for a store that never answers', async () => {
    const sending = reconciling();
    sending.unknownSends.settledBy = () =>
      new Promise<undefined>(() => undefined) as never;
    sending.end(unanswered());

    await vi.advanceTimersByTimeAsync(RECONCILE_MS + 10_000 + 1000);

    expect(sending.submitted).toEqual(['last', 'first']);
  });

  it('is given up as unknown while it waits', async () => {
    const sending = reconciling();
    sending.end(unanswered());

    sending.delivery.giveUp(new MailError('ABORTED', 'Enough.'));
    await vi.advanceTimersByTimeAsync(10 * RECONCILE_MS);

    expect(sending.errors).toMatchObject([{ code: 'OUTCOME_UNKNOWN' }]);
    expect(sending.submitted).toHaveLength(1);
  });

  it('is not settled by what is told of others', () => {
    const sending = reconciling();
    sending.end(unanswered());

    const other = { ...EVENT, recipient: 'bob@example.com' };
    const { recipient: _, ...nobody } = EVENT;

    expect(sending.delivery.confirm([other, nobody])).toBe(false);
    expect(sending.settled).toBe(false);
  });
});

describe('an event that comes before the reply was given up', () => {
  it('keeps the message from ever being of unknown outcome', () => {
    const sending = reconciling({
      retry: { onUnknown: 'fail' },
      onSubmit: aboard,
    });
    sending.job?.started();

    expect(sending.delivery.confirm([EVENT])).toBe(false);
    expect(sending.settled).toBe(false);
    sending.end(unanswered(), 0);

    expect(sending.receipts).toMatchObject([{ sendGridId: 'queued' }]);
  });

  it('settles a message that is given up with its dot out', () => {
    const sending = reconciling({ abandonment: 'unknown', onSubmit: aboard });
    sending.job?.started();
    sending.delivery.confirm([EVENT]);

    sending.delivery.giveUp(new MailError('TIMED_OUT', 'Too late.'));

    expect(sending.errors).toEqual([]);
    expect(sending.receipts).toMatchObject([{ sendGridId: 'queued' }]);
  });

  it("does not outweigh the relay's reply", () => {
    const sending = reconciling({ onSubmit: aboard });
    sending.job?.started();
    sending.delivery.confirm([EVENT]);

    sending.end(refused(NEVER, 'DATA', [OK]), 0);

    expect(sending.errors).toMatchObject([{ code: 'REJECTED' }]);
  });
});

describe('an event that comes while the message is sent again', () => {
  it('takes it out of the queue', async () => {
    const sending = reconciling();
    sending.end(unanswered());
    await vi.advanceTimersByTimeAsync(RECONCILE_MS + 1000);
    expect(sending.submitted).toHaveLength(2);

    sending.delivery.confirm([EVENT]);

    expect(sending.abandoned).toHaveLength(1);
    expect(sending.receipts).toMatchObject([{ sendGridId: 'queued' }]);
  });

  it('settles what that attempt leaves in doubt', async () => {
    const sending = reconciling({ onSubmit: aboard });
    sending.end(unanswered());
    await vi.advanceTimersByTimeAsync(RECONCILE_MS + 1000);

    expect(sending.delivery.confirm([EVENT])).toBe(false);
    sending.end(refused(NEVER, 'DATA', [OK]));

    expect(sending.receipts).toMatchObject([{ sendGridId: 'queued' }]);
  });
});

describe('several recipients', () => {
  it('are told apart: the fate of one says nothing of another', async () => {
    const envelope = {
      from: 'hello@shop.example',
      to: ['ada@example.com', 'bob@example.com'],
    };
    const sending = reconciling({ mail: { mailId: 'mail-1', envelope } });
    sending.end(accepted('first', OK, BUSY));
    await vi.advanceTimersByTimeAsync(1000);
    expect(sending.job?.envelope.to).toEqual(['bob@example.com']);
    sending.end(unanswered());

    expect(sending.delivery.confirm([EVENT])).toBe(false);
    const ofBob = { ...EVENT, recipient: 'bob@example.com' };
    expect(sending.delivery.confirm([EVENT, ofBob])).toBe(true);

    expect(sending.receipts).toMatchObject([
      { accepted: envelope.to, sendGridId: 'first' },
    ]);
  });

  it('go on one by one when only some were sent it', async () => {
    const envelope = {
      from: 'hello@shop.example',
      to: ['ada@example.com', 'bob@example.com'],
    };
    const sending = reconciling({ mail: { mailId: 'mail-1', envelope } });
    const lost = unanswered();
    sending.end({ ...lost, recipients: [OK, BUSY] } as typeof lost);

    sending.delivery.confirm([EVENT]);
    await vi.advanceTimersByTimeAsync(1000);

    expect(sending.job?.envelope.to).toEqual(['bob@example.com']);
    sending.end(accepted('second', OK));
    expect(sending.receipts).toMatchObject([{ accepted: envelope.to }]);
  });
});

describe('a message of unknown outcome that has ended', () => {
  it('is remembered, and told of when an event names it', async () => {
    const sending = reconciling({ retry: { onUnknown: 'fail' } });
    sending.end(unanswered());
    vi.advanceTimersByTime(40_000);

    await expect(sending.unknowns.settle([EVENT])).resolves.toBe(1);
    await toldAll();

    expect(sending.events.at(-1)).toMatchObject({
      type: 'settled-late',
      mailId: 'mail-1',
      outcome: 'accepted',
      by: 'event',
      lateMs: 40_000,
    });
  });

  it('is forgotten once the relay has answered late', () => {
    const sending = reconciling({ abandonment: 'unknown' });
    sending.job?.started();
    const { delivery } = sending;
    delivery.giveUp(new MailError('TIMED_OUT', 'Too late.'));
    expect(sending.unknownSends.size).toBe(1);

    delivery.answeredLate({
      kind: 'accepted',
      reply: { code: 250, text: 'Ok: queued as late' },
      recipients: [OK],
    });

    expect(sending.unknownSends.size).toBe(0);
  });
});
