import { describe, expect, it } from 'vitest';

import { MailError } from '../../../lib/errors/mail-error.js';
import type { Job, Verdict } from '../../../lib/pool/job.js';
import { Parcel, type ParcelHome } from '../../../lib/pool/parcel.js';
import { bytesBody } from '../smtp/support/transactions.js';
import { rotation } from './support/rotation.js';
import { RateLimiter } from '../../../lib/pool/rate-limiter.js';
import { ConnectionError } from '../../../lib/smtp/connection-error.js';
import type { AbortResult } from '../../../lib/smtp/pipeline-host.js';
import type { SmtpConnection } from '../../../lib/smtp/smtp-connection.js';
import type {
  Transaction,
  TransactionOutcome,
} from '../../../lib/smtp/transaction.js';

const FAULT = new ConnectionError('session', 'Lost');
const UNSENT: TransactionOutcome = {
  kind: 'unsent',
  fault: FAULT,
  bodyOpened: false,
};
const ACCEPTED: TransactionOutcome = {
  kind: 'accepted',
  reply: { code: 250, text: 'Ok' },
  recipients: [],
};

interface Recorded {
  readonly parcel: Parcel;
  readonly job: Job;
  readonly verdicts: Verdict[];
  readonly returned: TransactionOutcome[];
  readonly starts: () => number;
}

function record(
  beforeBody?: () => Promise<void>,
  rate?: RateLimiter,
): Recorded {
  const verdicts: Verdict[] = [];
  const returned: TransactionOutcome[] = [];
  let starts = 0;
  const job: Job = {
    queuedAt: 0,
    lane: 'urgent',
    envelope: { from: 'a@x.example', to: ['b@x.example'] },
    body: bytesBody(),
    started: () => {
      starts += 1;
    },
    ended: (verdict) => verdicts.push(verdict),
    ...(beforeBody === undefined ? {} : { beforeBody }),
  };
  const home: ParcelHome = {
    takeBack: (_, outcome) => returned.push(outcome),
  };
  const limiter = rate ?? new RateLimiter(undefined, () => undefined);
  const parcel = new Parcel(job, home, limiter);
  return { parcel, job, verdicts, returned, starts: () => starts };
}

/** A connection that answers how an abort went, and notes it. */
function connection(
  result: AbortResult = 'not-sent',
  aborted: Transaction[] = [],
): SmtpConnection {
  const stub: Pick<SmtpConnection, 'abort'> = {
    abort: (transaction) => {
      aborted.push(transaction);
      return result;
    },
  };
  return stub as SmtpConnection;
}

describe('a parcel', () => {
  it('is its job to the connection', () => {
    const { parcel, job, starts } = record();
    parcel.began();

    expect(parcel.lane).toBe('urgent');
    expect(parcel.envelope).toBe(job.envelope);
    expect(parcel.body).toBe(job.body);
    expect(parcel.beforeBody).toBeUndefined();
    expect(starts()).toBe(1);
  });

  it('asks its job before the body leaves', async () => {
    let asked = 0;
    const { parcel } = record(async () => {
      asked += 1;
    });
    await parcel.beforeBody?.();

    expect(asked).toBe(1);
  });

  it('waits until it is handed over, and again when it comes back', () => {
    const { parcel, returned, verdicts } = record();
    expect(parcel.waiting).toBe(true);
    parcel.boards(connection(), rotation());
    expect(parcel.waiting).toBe(false);
    parcel.ended(UNSENT);

    expect(parcel.waiting).toBe(true);
    expect(returned).toEqual([UNSENT]);
    expect(verdicts).toEqual([]);
  });

  it('lets go of its message when it is over before it left', () => {
    const { parcel } = record();
    const { envelope } = parcel;
    expect(envelope.to).not.toEqual([]);
    parcel.abandon();

    expect(parcel.envelope).not.toBe(envelope);
    expect(parcel.waiting).toBe(false);
  });

  it.each<TransactionOutcome>([
    ACCEPTED,
    {
      kind: 'rejected',
      reply: { code: 550, text: 'no' },
      command: 'DATA',
      recipients: [],
    },
    { kind: 'unknown', fault: FAULT },
  ])('settles as the connection says: $kind', (outcome) => {
    const { parcel, verdicts } = record();
    parcel.boards(connection(), rotation());
    parcel.ended(outcome);

    expect(verdicts).toEqual([outcome]);
    expect(parcel.waiting).toBe(false);
  });

  it('that no connection could send settles as not sent', () => {
    const error = new MailError('INVALID_MESSAGE', 'unreadable');
    const { parcel, verdicts } = record();
    parcel.boards(connection(), rotation());
    parcel.ended({ kind: 'failed', error });

    expect(verdicts).toEqual([{ kind: 'not-sent', error }]);
  });

  it('settles once', () => {
    const { parcel, verdicts, returned } = record();
    parcel.boards(connection(), rotation());
    parcel.ended(ACCEPTED);
    parcel.ended(UNSENT);
    parcel.settle({ kind: 'unknown', fault: FAULT });

    expect(verdicts).toEqual([ACCEPTED]);
    expect(returned).toEqual([]);
  });

  it('abandoned while it waits is not sent', () => {
    const { parcel, verdicts } = record();

    expect(parcel.abandon()).toBe('not-sent');
    expect(parcel.waiting).toBe(false);
    expect(verdicts).toEqual([]);
  });

  it.each<AbortResult>(['not-sent', 'unknown'])(
    'abandoned on a connection is what that says: %s',
    (result) => {
      const aborted: Transaction[] = [];
      const { parcel } = record();
      parcel.boards(connection(result, aborted), rotation());

      expect(parcel.abandon()).toBe(result);
      expect(aborted).toEqual([parcel]);
    },
  );

  it('abandoned gets no verdict and does not come back', () => {
    const { parcel, verdicts, returned } = record();
    parcel.boards(connection(), rotation());
    parcel.abandon();
    parcel.ended(UNSENT);
    parcel.ended(ACCEPTED);

    expect(verdicts).toEqual([]);
    expect(returned).toEqual([]);
    expect(parcel.waiting).toBe(false);
  });
});

describe('a parcel under a rate limit', () => {
  const limiter = (): RateLimiter =>
    new RateLimiter({ messages: 3, perMs: 60_000 }, () => undefined);

  const endOfTurn = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
  };

  it('holds a slot from when it is handed over, and uses it when it leaves', async () => {
    const rate = limiter();
    const { parcel } = record(undefined, rate);
    expect(rate.room).toBe(3);
    parcel.boards(connection(), rotation());
    expect(rate.room).toBe(2);
    parcel.leaving();
    await endOfTurn();
    parcel.ended(ACCEPTED);

    expect(rate.room).toBe(2);
  });

  it.each<[string, TransactionOutcome]>([
    ['comes back', UNSENT],
    ['is refused', { ...ACCEPTED, kind: 'rejected', command: 'MAIL' }],
  ])('gives the slot back when it %s before it leaves', (_, outcome) => {
    const rate = limiter();
    const { parcel } = record(undefined, rate);
    parcel.boards(connection(), rotation());
    parcel.ended(outcome);

    expect(rate.room).toBe(3);
  });

  it('gives the slot back when its connection fails in the turn of the dot', async () => {
    const rate = limiter();
    const { parcel } = record(undefined, rate);
    parcel.boards(connection(), rotation());
    parcel.leaving();
    parcel.ended(UNSENT);
    parcel.boards(connection(), rotation());
    await endOfTurn();
    parcel.ended(UNSENT);

    expect(rate.room).toBe(3);
  });

  it('abandoned holds the slot until its connection is done with it', () => {
    const rate = limiter();
    const { parcel } = record(undefined, rate);
    parcel.boards(connection(), rotation());
    parcel.abandon();
    expect(rate.room).toBe(2);
    parcel.ended(UNSENT);

    expect(rate.room).toBe(3);
  });

  it('that was lifted when it was handed over holds none, and uses none', async () => {
    const rate = new RateLimiter(undefined, () => undefined);
    const { parcel } = record(undefined, rate);
    parcel.boards(connection(), rotation());
    rate.set({ messages: 3, perMs: 60_000 });
    parcel.leaving();
    await endOfTurn();
    parcel.ended(ACCEPTED);

    expect(rate.room).toBe(3);
  });
});
