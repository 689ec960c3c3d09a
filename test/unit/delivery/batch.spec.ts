import { describe, expect, it, vi } from 'vitest';

import { Batch } from '../../../lib/delivery/batch.js';
import { Place } from '../../../lib/delivery/place.js';
import { Places } from '../../../lib/delivery/places.js';
import { MailError } from '../../../lib/errors/mail-error.js';
import { DEFAULTS } from '../../../lib/options/defaults.js';
import type { ResolvedQueueOptions } from '../../../lib/options/resolved-options.js';

const STOPPED = new MailError('ABORTED', 'Stopped');

function placesFor(queue: Partial<ResolvedQueueOptions>): Places {
  return new Places({ ...DEFAULTS.queue, ...queue }, () => undefined);
}

function take(places: Places, batch?: Batch): Place | Promise<Place> {
  return places.take({ lane: 'bulk', message: {}, batch }, undefined);
}

/** One that has room at once. */
function taken(places: Places, batch?: Batch): Place {
  const place = take(places, batch);
  if (place instanceof Place) return place;
  throw new Error('It has to wait');
}

describe('a message of a batch', () => {
  it('waits for a place where others are refused, and its batch is full', async () => {
    const places = placesFor({ maxMessages: 1 });
    const onRoom = vi.fn<() => void>();
    const batch = new Batch(onRoom);
    const first = taken(places, batch);
    expect(batch.full).toBe(false);
    const second = take(places, batch);
    expect(batch.full).toBe(true);
    expect(() => take(places)).toThrow(
      expect.objectContaining({ code: 'QUEUE_FULL' }),
    );
    first.end('accepted');
    await second;

    expect(batch.full).toBe(false);
    expect(onRoom).toHaveBeenCalledOnce();
  });

  it('waits for room for its bytes, which others pass', async () => {
    const places = placesFor({ maxBytes: 100 });
    const batch = new Batch(() => undefined);
    const [first, large, other] = [
      taken(places, batch),
      taken(places, batch),
      taken(places),
    ];
    await first.addBytes(60);
    const waiting = large.addBytes(60);
    expect(batch.full).toBe(true);
    await other.addBytes(30);
    expect(() => taken(places).addBytes(30)).toThrow(
      expect.objectContaining({ code: 'QUEUE_FULL' }),
    );
    first.end('accepted');
    await waiting;

    expect(batch.full).toBe(false);
    expect(places.admission.bytes).toBe(90);
  });

  it('waits while enough others are composed', () => {
    const places = placesFor({});
    const onRoom = vi.fn<() => void>();
    const batch = new Batch(onRoom);
    const composing = Array.from({ length: 16 }, () => taken(places, batch));
    expect(batch.full).toBe(true);
    composing[0]?.end('notSent');
    expect(batch.full).toBe(false);
    const another = taken(places, batch);
    expect(batch.full).toBe(true);
    void another.addBytes(10);

    expect(batch.full).toBe(false);
    expect(onRoom).toHaveBeenCalledTimes(2);
  });
});

describe('recalling a batch', () => {
  it('ends what waits, and what would wait again, and nothing else', async () => {
    const places = placesFor({ maxMessages: 3 });
    const batch = new Batch(() => undefined);
    const [waiting, onWire, other] = [
      taken(places, batch),
      taken(places, batch),
      taken(places),
    ];
    const lacking = take(places, batch);
    const giveUp = vi.fn<(error: MailError) => void>();
    onWire.heldBy({ waiting: false, giveUp });
    batch.recall(STOPPED);

    expect(waiting.held).toBe(false);
    await expect(lacking).rejects.toBe(STOPPED);
    expect(giveUp).not.toHaveBeenCalled();
    expect(onWire.recalled).toBe(STOPPED);
    expect(other.refusal).toBeUndefined();
    expect(other.recalled).toBeUndefined();
    expect(() => take(places, batch)).toThrow(STOPPED);
    expect(places.ledger.totals).toMatchObject({ notSent: 3, pending: 2 });
  });

  it('counts once', () => {
    const places = placesFor({});
    const batch = new Batch(() => undefined);
    batch.recall(STOPPED);
    batch.recall(new MailError('ABORTED', 'Again'));

    expect(batch.recalled).toBe(STOPPED);
    expect(() => take(places, batch)).toThrow(STOPPED);
  });
});
