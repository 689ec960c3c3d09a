import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Sending } from './support/sending.js';
import {
  accepted,
  BUSY,
  LATER,
  NEVER,
  OK,
  unanswered,
} from './support/verdicts.js';

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'],
  });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a message that is refused for some of its recipients', () => {
  it('is offered again to those who were deferred only', () => {
    const sending = new Sending();
    const body = sending.job?.body;
    sending.end(accepted('first', OK, BUSY));
    expect(sending.settled).toBe(false);
    vi.advanceTimersByTime(1000);
    expect(sending.job?.envelope).toEqual({
      from: 'hello@shop.example',
      to: ['bob@example.com'],
    });
    expect(sending.job?.body).toBe(body);
    sending.end(accepted('second', OK));

    expect(sending.receipts).toMatchObject([
      {
        messageId: '<1@shop.example>',
        sendGridId: 'first',
        response: '250 Ok: queued as first',
        envelope: { to: ['ada@example.com', 'bob@example.com'] },
        accepted: ['ada@example.com', 'bob@example.com'],
        rejected: [],
        recipients: [
          { address: 'ada@example.com', state: 'accepted', attempts: 1 },
          { address: 'bob@example.com', state: 'accepted', attempts: 2 },
        ],
        attempts: 2,
      },
    ]);
    expect(sending.places.ledger.totals).toMatchObject({ accepted: 1 });
  });

  it('resolves when the others are refused to the end', () => {
    const sending = new Sending({ retry: { maxAttempts: 2 } });
    sending.end(accepted('first', OK, BUSY));
    vi.advanceTimersByTime(1000);
    const recipients = [BUSY];
    sending.end({
      kind: 'rejected',
      command: 'RCPT TO',
      reply: BUSY,
      recipients,
    });

    expect(sending.receipts).toMatchObject([
      {
        sendGridId: 'first',
        accepted: ['ada@example.com'],
        rejected: ['bob@example.com'],
        recipients: [
          { state: 'accepted', attempts: 1 },
          { state: 'rejected', reply: BUSY, attempts: 2 },
        ],
      },
    ]);
    expect(sending.errors).toEqual([]);
  });

  it('resolves when no further reply comes, which is in the receipt', () => {
    const sending = new Sending();
    sending.end(accepted('first', OK, BUSY));
    vi.advanceTimersByTime(1000);
    sending.end(unanswered());

    expect(sending.receipts).toMatchObject([
      { recipients: [{ state: 'accepted' }, { state: 'unknown' }] },
    ]);
    expect(sending.places.ledger.totals).toMatchObject({ accepted: 1 });
  });

  it('fails with how each of them ended when none was accepted', () => {
    const sending = new Sending({ retry: { maxAttempts: 2 } });
    const command = 'RCPT TO';
    const recipients = [NEVER, BUSY];
    sending.end({ kind: 'rejected', command, reply: NEVER, recipients });
    vi.advanceTimersByTime(1000);
    sending.end({
      kind: 'rejected',
      command,
      reply: LATER,
      recipients: [LATER],
    });
    const [error] = sending.errors;

    expect(error?.recipients).toEqual([
      {
        address: 'ada@example.com',
        state: 'rejected',
        reply: NEVER,
        attempts: 1,
      },
      {
        address: 'bob@example.com',
        state: 'rejected',
        reply: LATER,
        attempts: 2,
      },
    ]);
    expect(Object.keys(error ?? {})).not.toContain('recipients');
    expect(JSON.stringify(error)).not.toContain('example.com');
  });
});
