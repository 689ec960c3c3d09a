import { describe, expect, it } from 'vitest';

import { shutDown } from '../../../lib/delivery/verdict-errors.js';
import { MailError } from '../../../lib/errors/mail-error.js';
import { Cancellation } from '../../../lib/pool/cancellation.js';
import type { Verdict } from '../../../lib/pool/job.js';
import { ConnectionError } from '../../../lib/smtp/connection-error.js';
import { Sending } from './support/sending.js';

const OK = { code: 250, text: 'ok' };
const QUEUED = { code: 250, text: 'Ok: queued as Yo60h6C5ScGPeP5fUWU3Kw' };
const NO = { code: 550, text: 'unknown' };

function accepted(reply = QUEUED, recipients = [OK, OK]): Verdict {
  return { kind: 'accepted', reply, recipients };
}

describe('a delivery', () => {
  it('gives the pool its lane, envelope and body', () => {
    const { job } = new Sending();

    expect(job?.lane).toBe('urgent');
    expect(job?.envelope.to).toEqual(['ada@example.com', 'bob@example.com']);
    expect(job?.body).toMatchObject({ kind: 'bytes', size: 4 });
  });
});

describe('an accepted delivery', () => {
  it('resolves with a receipt', () => {
    const sending = new Sending();
    sending.end(accepted(), 2);

    expect(sending.receipts).toEqual([
      {
        messageId: '<1@shop.example>',
        envelope: {
          from: 'hello@shop.example',
          to: ['ada@example.com', 'bob@example.com'],
        },
        accepted: ['ada@example.com', 'bob@example.com'],
        rejected: [],
        response: '250 Ok: queued as Yo60h6C5ScGPeP5fUWU3Kw',
        sendGridId: 'Yo60h6C5ScGPeP5fUWU3Kw',
        recipients: [
          {
            address: 'ada@example.com',
            state: 'accepted',
            reply: OK,
            attempts: 2,
          },
          {
            address: 'bob@example.com',
            state: 'accepted',
            reply: OK,
            attempts: 2,
          },
        ],
        attempts: 2,
        timings: {
          queuedMs: expect.any(Number),
          totalMs: expect.any(Number),
        },
      },
    ]);
    expect(sending.places.ledger.totals).toMatchObject({
      accepted: 1,
      pending: 0,
    });
  });

  it('tells the recipients that were refused apart', () => {
    const sending = new Sending();
    sending.end(accepted(QUEUED, [NO, OK]));

    expect(sending.receipts[0]).toMatchObject({
      accepted: ['bob@example.com'],
      rejected: ['ada@example.com'],
      recipients: [{ state: 'rejected', reply: NO }, { state: 'accepted' }],
    });
  });

  it.each([
    { code: 250, text: 'Message accepted' },
    { code: 251, text: 'Ok: queued as abc' },
    { code: 250, text: 'Not ok: queued as abc' },
  ])('has no SendGrid id from %j', (reply) => {
    const sending = new Sending();
    sending.end(accepted(reply));

    expect(sending.receipts[0]).not.toHaveProperty('sendGridId');
  });

  it('measures queueing within the whole', () => {
    const sending = new Sending();
    sending.end(accepted());
    const { queuedMs = -1, totalMs = -1 } = sending.receipts[0]?.timings ?? {};

    expect(queuedMs).toBeGreaterThanOrEqual(0);
    expect(totalMs).toBeGreaterThanOrEqual(queuedMs);
  });
});

describe('a delivery that fails', () => {
  const fault = new ConnectionError('session', 'Lost');

  it.each<[Verdict, string, string]>([
    [
      { kind: 'rejected', reply: NO, command: 'DATA', recipients: [] },
      'REJECTED',
      'rejected',
    ],
    [{ kind: 'unknown', fault }, 'OUTCOME_UNKNOWN', 'unknown'],
    [
      { kind: 'not-sent', error: new MailError('EXPIRED', 'too old') },
      'EXPIRED',
      'notSent',
    ],
  ])('as $kind rejects and is entered so', (verdict, code, entry) => {
    const sending = new Sending();
    sending.end(verdict);

    expect(sending.errors).toMatchObject([{ code }]);
    expect(sending.places.ledger.totals).toMatchObject({
      [entry]: 1,
      pending: 0,
    });
    expect(sending.place.held).toBe(false);
  });
});

describe('a delivery that is given up', () => {
  it('before its dot is not sent, for that reason', () => {
    const controller = new AbortController();
    const cancellation = new Cancellation(controller.signal, undefined);
    const sending = new Sending({ cancellation });
    controller.abort();

    expect(sending.abandoned).toHaveLength(1);
    expect(sending.errors).toEqual([cancellation.error]);
    expect(sending.places.ledger.totals.notSent).toBe(1);
  });

  it('after its dot is unknown, for that reason', () => {
    const controller = new AbortController();
    const cancellation = new Cancellation(controller.signal, undefined);
    const sending = new Sending({ abandonment: 'unknown', cancellation });
    controller.abort();

    expect(sending.errors).toMatchObject([
      {
        code: 'OUTCOME_UNKNOWN',
        deliveryState: 'unknown',
        cause: cancellation.error,
      },
    ]);
    expect(sending.places.ledger.totals.unknown).toBe(1);
  });

  it('because its place is taken away settles, too', () => {
    const sending = new Sending();
    sending.places.revokeAll(shutDown());

    expect(sending.abandoned).toHaveLength(1);
    expect(sending.errors).toMatchObject([{ code: 'SHUT_DOWN' }]);
    expect(sending.places.ledger.pending).toBe(0);
  });

  it('at once when it was cancelled before it was dispatched', () => {
    const cancellation = new Cancellation(AbortSignal.abort(), undefined);

    expect(new Sending({ cancellation }).errors).toMatchObject([
      { code: 'ABORTED' },
    ]);
  });

  it('no more once it has ended', () => {
    const controller = new AbortController();
    const cancellation = new Cancellation(controller.signal, undefined);
    const sending = new Sending({ cancellation });
    sending.end(accepted());
    controller.abort();
    sending.places.revokeAll(shutDown());

    expect(sending.abandoned).toEqual([]);
    expect(sending.errors).toEqual([]);
    expect(sending.receipts).toHaveLength(1);
  });
});

describe('the hook before the body', () => {
  it('is passed on where there is one', async () => {
    let calls = 0;
    const beforeBody = async (): Promise<void> => {
      calls += 1;
    };
    const sending = new Sending({ mail: { beforeBody } });
    await sending.job?.beforeBody?.();

    expect(calls).toBe(1);
    expect(new Sending().job).toHaveProperty('beforeBody', undefined);
  });

  it('that throws instead of rejecting is taken for a rejection', async () => {
    const beforeBody = (): Promise<void> => {
      throw new Error('no marker');
    };
    const sending = new Sending({ mail: { beforeBody } });

    await expect(sending.job?.beforeBody?.()).rejects.toThrow('no marker');
  });
});
