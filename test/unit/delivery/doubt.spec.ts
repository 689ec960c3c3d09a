import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { shutDown } from '../../../lib/delivery/verdict-errors.js';
import { MailError } from '../../../lib/errors/mail-error.js';
import type { MailEvent } from '../../../lib/events/mail-event.js';
import { Sending, toldAll } from './support/sending.js';
import {
  accepted,
  BUSY,
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

describe('a message without a reply', () => {
  const retry = { onUnknown: 'retry', maxAttempts: 3 } as const;

  it('is not sent again by default', () => {
    const sending = new Sending();
    sending.end(unanswered());

    expect(sending.errors).toMatchObject([
      {
        code: 'OUTCOME_UNKNOWN',
        deliveryState: 'unknown',
        recipients: [{ state: 'unknown' }, { state: 'unknown' }],
      },
    ]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is sent again where that was asked for, and may be accepted', async () => {
    const events: MailEvent[] = [];
    const listener = (event: MailEvent): void => void events.push(event);
    const sending = new Sending({ retry, listener });
    sending.end(unanswered());
    expect(sending.delivery.waiting).toBe(false);
    vi.advanceTimersByTime(1000);
    sending.end(accepted('abc', OK, OK));

    expect(sending.receipts).toMatchObject([{ attempts: 2 }]);
    await toldAll();
    expect(events).toMatchObject([{ type: 'deferred', attempt: 1 }]);
  });

  it.each<[string, (sending: Sending) => void]>([
    ['is refused for good', (sending) => sending.end(refused(NEVER))],
    ['is refused for its sender', (sending) => sending.end(refused(SENDER))],
    ['is given up', (sending) => sending.places.revokeAll(shutDown())],
    ['grows too old', () => vi.advanceTimersByTime(60_000)],
    [
      'finds no connection',
      (sending) => {
        const error = new MailError('RELAY_UNAVAILABLE', 'nothing was sent');
        sending.end({ kind: 'not-sent', error });
      },
    ],
  ])('stays of unknown outcome when it then %s', (_, act) => {
    const sending = new Sending({ retry });
    sending.end(unanswered());
    vi.advanceTimersByTime(1000);
    act(sending);
    const [error] = sending.errors;

    expect(error).toMatchObject({
      code: 'OUTCOME_UNKNOWN',
      deliveryState: 'unknown',
      retryable: false,
      recipients: [{ state: 'unknown' }, { state: 'unknown' }],
    });
    expect(error?.message).toMatch(/may deliver it twice\.$/);
    expect(error?.message).not.toMatch(/not sent|nothing was sent/);
    expect(sending.places.ledger.totals).toMatchObject({ unknown: 1 });
  });

  it('is unknown, once, when its attempts are used up', () => {
    const sending = new Sending({ retry });
    for (const pause of [1000, 2000]) {
      sending.end(unanswered());
      vi.advanceTimersByTime(pause);
    }
    sending.end(unanswered());

    expect(sending.errors).toMatchObject([
      {
        code: 'OUTCOME_UNKNOWN',
        message:
          'The message was sent, but whether SendGrid took it is unknown (Lost). Sending it again may deliver it twice.',
      },
    ]);
  });

  it('leaves no doubt about those who were refused before', () => {
    const sending = new Sending({ retry });
    const recipients = [NEVER, BUSY];
    sending.end({
      kind: 'rejected',
      command: 'RCPT TO',
      reply: NEVER,
      recipients,
    });
    vi.advanceTimersByTime(1000);
    sending.end(unanswered());
    vi.advanceTimersByTime(2000);
    sending.end(refused(NEVER, 'DATA', [OK]));

    expect(sending.errors[0]?.recipients).toMatchObject([
      { state: 'rejected', reply: NEVER, attempts: 1 },
      { state: 'unknown', reply: NEVER, attempts: 3 },
    ]);
  });

  it('that had been accepted for some resolves', () => {
    const sending = new Sending({ retry });
    sending.end(accepted('first', OK, BUSY));
    vi.advanceTimersByTime(1000);
    sending.end(unanswered());
    vi.advanceTimersByTime(2000);
    sending.end(refused(NEVER, 'DATA', [OK]));

    expect(sending.receipts).toMatchObject([
      { recipients: [{ state: 'accepted' }, { state: 'unknown' }] },
    ]);
  });
});
