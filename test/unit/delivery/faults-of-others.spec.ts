import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { MailEvent } from '../../../lib/events/mail-event.js';
import type { Verdict } from '../../../lib/pool/job.js';
import { Sending, toldAll } from './support/sending.js';
import {
  accepted,
  CREDITS,
  NEVER,
  OK,
  refused,
  SENDER,
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

describe('a message that finds the account at fault', () => {
  it('waits in front, at no attempt’s cost, and has the pool pause', () => {
    const sending = new Sending({ retry: { maxAttempts: 1 } });
    const queuedAt = sending.parcel?.queuedAt;
    for (let n = 0; n < 9; n += 1) {
      vi.advanceTimersByTime(60_000);
      sending.end(refused(CREDITS, 'MAIL FROM'));
    }
    expect(sending.settled).toBe(false);
    expect(sending.submitted.slice(1)).toEqual(Array(9).fill('first'));
    expect(sending.faults).toHaveLength(9);
    expect(sending.faults[0]).toMatchObject({ kind: 'paused', reply: CREDITS });
    expect(sending.parcel?.queuedAt).toBe(queuedAt);
    sending.end(accepted('abc', OK, OK));

    expect(sending.receipts).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('what an answer says of the account', () => {
  it.each<[string, Verdict, string[]]>([
    ['an accepted message', accepted('abc', OK, OK), ['body']],
    ['a refused message', refused(NEVER), ['body']],
    ['a refused MAIL', refused(NEVER, 'MAIL FROM'), ['envelope']],
    ['a refused sender', refused({ code: 403, text: 'no' }), []],
    ['no reply', unanswered(), []],
  ])('%s', (_, verdict, passed) => {
    const sending = new Sending();
    sending.end(verdict);

    expect(sending.passed).toEqual(passed);
  });
});

describe('a message whose sender is refused', () => {
  it('fails, and pauses the sender', async () => {
    const events: MailEvent[] = [];
    const sending = new Sending({ listener: (event) => events.push(event) });
    sending.end(refused(SENDER));

    expect(sending.errors).toMatchObject([{ code: 'SENDER', reply: SENDER }]);
    expect(sending.senders.refusal('hello@shop.example')).toBeDefined();
    await toldAll();
    expect(events).toMatchObject([
      { type: 'sender-paused', retryInMs: 60_000 },
    ]);
  });

  it('does not free the sender by a refusal of its envelope', () => {
    const sending = new Sending();
    sending.senders.refused('hello@shop.example', SENDER, 0);
    sending.end(refused(NEVER, 'RCPT TO'));

    expect(sending.senders.size).toBe(1);
  });
});
