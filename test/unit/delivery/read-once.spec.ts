import { PassThrough, type Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Body } from '../../../lib/smtp/transaction.js';
import { Sending } from './support/sending.js';
import {
  accepted,
  BUSY,
  CREDITS,
  LATER,
  OK,
  refused,
} from './support/verdicts.js';

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'],
  });
});

afterEach(() => {
  vi.useRealTimers();
});

/** What the pool was given, once `ms` have passed. */
function offeredAfter(sending: Sending, ms: number): boolean {
  vi.advanceTimersByTime(ms);
  return sending.job !== undefined;
}

describe('a message whose content can be read once', () => {
  function streaming(reusable = false): Sending {
    const open = (): Readable => new PassThrough();
    return new Sending({ body: { kind: 'stream', reusable, open } });
  }

  function read({ job }: Sending): void {
    const body: Body | undefined = job?.body;
    if (body?.kind === 'stream') body.open();
  }

  it('is not offered again once it was read', () => {
    const sending = streaming();
    read(sending);
    sending.end(refused());

    expect(sending.errors).toMatchObject([{ code: 'REJECTED', reply: LATER }]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each(['MAIL FROM', 'DATA'])(
    'is offered again when %s is refused before it was read',
    (command) => {
      const sending = streaming();
      sending.end(refused(LATER, command));

      expect(offeredAfter(sending, 1000)).toBe(true);
    },
  );

  it('resolves with those who were accepted', () => {
    const sending = streaming();
    read(sending);
    sending.end(accepted('first', OK, BUSY));

    expect(sending.receipts).toMatchObject([
      { recipients: [{ state: 'accepted' }, { state: 'rejected' }] },
    ]);
  });

  it('fails when the account is at fault after it was read', () => {
    const sending = streaming();
    read(sending);
    sending.end(refused(CREDITS));

    expect(sending.errors).toMatchObject([{ code: 'ACCOUNT' }]);
    expect(sending.faults).toHaveLength(1);
  });

  it('is read anew for each attempt where that is possible', () => {
    const sending = streaming(true);
    read(sending);
    sending.end(refused());

    expect(offeredAfter(sending, 1000)).toBe(true);
  });
});
