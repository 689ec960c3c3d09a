import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Place } from '../../../lib/delivery/place.js';
import { Places } from '../../../lib/delivery/places.js';
import { shutDown } from '../../../lib/delivery/verdict-errors.js';
import { MailError } from '../../../lib/errors/mail-error.js';
import { DEFAULTS } from '../../../lib/options/defaults.js';
import type { ResolvedQueueOptions } from '../../../lib/options/resolved-options.js';
import { Cancellation } from '../../../lib/pool/cancellation.js';
import type { Lane } from '../../../lib/pool/lane.js';

let settled = 0;

beforeEach(() => {
  settled = 0;
});

afterEach(() => {
  vi.useRealTimers();
});

function places(queue: Partial<ResolvedQueueOptions> = {}): Places {
  return new Places({ ...DEFAULTS.queue, ...queue }, () => {
    settled += 1;
  });
}

/** A place that is there at once. */
function taken(from: Places, lane: Lane = 'normal'): Place {
  const place = from.take({ lane, message: {} }, undefined);
  if (place instanceof Place) return place;
  throw new Error('it has to wait');
}

describe('a place', () => {
  it('is held until its message ends', () => {
    const all = places();
    const place = taken(all, 'bulk');
    expect(place).toMatchObject({ lane: 'bulk', held: true });
    expect(all.admission.messages).toBe(1);
    expect(all.ledger.totals).toMatchObject({ submitted: 1, pending: 1 });
    place.end('accepted');

    expect(place.held).toBe(false);
    expect(all.admission.messages).toBe(0);
    expect(all.ledger.totals).toMatchObject({ pending: 0, accepted: 1 });
    expect(settled).toBe(1);
  });

  it('ends once, as it was told first', () => {
    const all = places();
    const place = taken(all);
    place.end('unknown');
    place.end('accepted');
    place.release();
    place.revoke(shutDown());

    expect(all.ledger.totals).toMatchObject({
      submitted: 1,
      unknown: 1,
      accepted: 0,
      notSent: 0,
      pending: 0,
    });
    expect(all.admission.messages).toBe(0);
  });

  it('given back unused counts as not sent', () => {
    const all = places();
    taken(all).release();

    expect(all.ledger.totals).toMatchObject({ notSent: 1, pending: 0 });
  });

  it('takes its bytes with it when it ends', async () => {
    const all = places({ whenFull: 'wait', maxBytes: 100 });
    const [first, second] = [taken(all), taken(all)];
    expect(first.addBytes(80)).toBeUndefined();
    const waiting = second.addBytes(70);
    expect(all.admission.bytes).toBe(80);
    first.end('accepted');
    await waiting;
    expect(all.admission.bytes).toBe(70);
    second.end('accepted');

    expect(all.admission).toMatchObject({ messages: 0, bytes: 0 });
  });

  it('knows since when it was asked for, the wait included', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const all = places({ whenFull: 'wait', maxMessages: 1 });
    const first = taken(all);
    const askedAt = performance.now();
    const waiting = all.take({ lane: 'normal', message: {} }, undefined);
    vi.advanceTimersByTime(500);
    first.release();

    expect((await waiting).reservedAt).toBe(askedAt);
  });

  it('that is taken away tells who holds it, who then settles it', () => {
    const all = places();
    const place = taken(all);
    const told: MailError[] = [];
    place.onRevoked(() => {
      throw new Error('replaced');
    });
    place.onRevoked((error) => told.push(error));
    const error = shutDown();
    place.revoke(error);

    expect(told).toEqual([error]);
    expect(place.held).toBe(true);
    place.end('unknown');
    expect(all.ledger.totals).toMatchObject({ unknown: 1, notSent: 0 });
  });

  it('that is taken away while nobody listens is given back', () => {
    const all = places();
    const place = taken(all);
    place.revoke(shutDown());

    expect(place.held).toBe(false);
    expect(all.ledger.totals.notSent).toBe(1);
  });
});

describe('a send that gets no place', () => {
  it('because of a refusal is counted as not sent', () => {
    const all = places();

    expect(() => all.take({ lane: 'normal', message: {} }, shutDown())).toThrow(
      MailError,
    );
    expect(all.ledger.totals).toMatchObject({ submitted: 1, notSent: 1 });
    expect(all.admission.messages).toBe(0);
  });

  it('because it was cancelled before is counted as not sent', () => {
    const all = places();
    const cancellation = new Cancellation(AbortSignal.abort(), undefined);

    expect(() =>
      all.take({ lane: 'normal', message: {}, cancellation }, undefined),
    ).toThrow('aborted');
    expect(all.ledger.totals).toMatchObject({ submitted: 1, notSent: 1 });
  });

  it('because the queue is full is counted as not sent', () => {
    const all = places({ maxMessages: 1 });
    taken(all);

    expect(() => taken(all)).toThrow('The mail queue is full');
    expect(all.ledger.totals).toMatchObject({
      submitted: 2,
      notSent: 1,
      pending: 1,
    });
  });

  it('because it gave up waiting is counted as not sent', async () => {
    const all = places({ maxMessages: 1, whenFull: 'wait' });
    const first = taken(all);
    const controller = new AbortController();
    const cancellation = new Cancellation(controller.signal, undefined);
    const waiting = all.take(
      { lane: 'normal', message: {}, cancellation },
      undefined,
    );
    controller.abort();

    await expect(waiting).rejects.toMatchObject({ code: 'ABORTED' });
    expect(all.ledger.totals).toMatchObject({ notSent: 1, pending: 1 });
    first.end('accepted');
    expect(settled).toBe(1);
  });
});

describe('taking all places away', () => {
  it('settles what waits and what is held', async () => {
    const all = places({ maxMessages: 2, whenFull: 'wait' });
    const quiet = taken(all);
    const told: MailError[] = [];
    taken(all).onRevoked((error) => told.push(error));
    const waiting = all.take({ lane: 'urgent', message: {} }, undefined);
    all.revokeAll(shutDown());

    await expect(waiting).rejects.toMatchObject({ code: 'SHUT_DOWN' });
    expect(told).toMatchObject([{ code: 'SHUT_DOWN' }]);
    expect(quiet.held).toBe(false);
    expect(all.ledger.totals).toMatchObject({
      submitted: 3,
      notSent: 2,
      pending: 1,
    });
  });
});
