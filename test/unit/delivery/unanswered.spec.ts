import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Verdict } from '../../../lib/pool/job.js';
import { ConnectionError } from '../../../lib/smtp/connection-error.js';
import { Sending } from './support/sending.js';

const OK = { code: 250, text: 'ok' };
const LATER = { code: 451, text: 'later' };
const NEVER = { code: 550, text: 'never' };
const UNANSWERED: Verdict = {
  kind: 'unknown',
  fault: new ConnectionError('session', 'Lost'),
  recipients: [NEVER, OK],
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('an attempt without a reply', () => {
  it('leaves who was refused by name before as rejected', () => {
    const sending = new Sending();
    sending.end(UNANSWERED);

    expect(sending.errors).toMatchObject([{ code: 'OUTCOME_UNKNOWN' }]);
    expect(sending.errors[0]?.recipients).toMatchObject([
      { state: 'rejected', reply: NEVER },
      { state: 'unknown' },
    ]);
    expect(sending.places.ledger.totals.unknown).toBe(1);
  });

  it('is made again for those only who may not have got it', () => {
    const sending = new Sending({ retry: { onUnknown: 'retry' } });
    sending.end(UNANSWERED);
    vi.advanceTimersByTime(1000);

    expect(sending.job?.envelope.to).toEqual(['bob@example.com']);
  });

  it('is told as it is when none is left', () => {
    const retry = { onUnknown: 'retry', maxAttempts: 1 } as const;
    const sending = new Sending({ retry });
    sending.end(UNANSWERED);

    expect(sending.errors).toHaveLength(1);
    expect(sending.errors[0]?.cause).toBe(UNANSWERED.fault);
    expect(sending.places.ledger.totals.unknown).toBe(1);
  });

  it('stays in doubt when the next one is refused', () => {
    const sending = new Sending({ retry: { onUnknown: 'retry' } });
    sending.end(UNANSWERED);
    vi.advanceTimersByTime(1000);
    sending.end({
      kind: 'rejected',
      reply: NEVER,
      command: 'RCPT TO',
      recipients: [NEVER],
    });

    expect(sending.errors[0]?.recipients).toMatchObject([
      { state: 'rejected' },
      { state: 'unknown', reply: NEVER },
    ]);
    expect(sending.errors).toMatchObject([{ deliveryState: 'unknown' }]);
  });
});

describe('a message that was taken for some recipients', () => {
  it('is deferred for the reply to the others', async () => {
    const sending = new Sending();
    sending.end({ kind: 'accepted', reply: OK, recipients: [OK, LATER] });
    await Promise.resolve();

    expect(sending.events).toMatchObject([{ type: 'deferred', reply: LATER }]);
  });
});
