import { describe, expect, it } from 'vitest';

import { Place } from '../../../lib/delivery/place.js';
import { Places } from '../../../lib/delivery/places.js';
import { purge } from '../../../lib/delivery/purge.js';
import type { MailError } from '../../../lib/errors/mail-error.js';
import { DEFAULTS } from '../../../lib/options/defaults.js';
import type { UnsentMail } from '../../../lib/options/drain-report.js';
import type { ResolvedQueueOptions } from '../../../lib/options/resolved-options.js';
import type { Lane } from '../../../lib/pool/lane.js';

const ALL = (): boolean => true;

/** An instance's places, and what those who hold them are told. */
class Queue {
  readonly places: Places;
  readonly given: MailError[] = [];

  constructor(queue: Partial<ResolvedQueueOptions> = {}) {
    this.places = new Places({ ...DEFAULTS.queue, ...queue }, () => undefined);
  }

  /** A message that waits for a connection, or is on the wire. */
  holds(subject: string, lane: Lane = 'normal', waiting = true): Place {
    const place = this.places.take({ lane, message: { subject } }, undefined);
    if (!(place instanceof Place)) throw new Error('it has to wait');
    const giveUp = (error: MailError): void => {
      this.given.push(error);
      place.release(error);
    };
    place.heldBy({ waiting, giveUp });
    return place;
  }

  /** A message that waits for room. */
  waits(subject: string): Promise<Place> {
    const asked = { lane: 'normal', message: { subject } } as const;
    return Promise.resolve(this.places.take(asked, undefined));
  }

  purge(lane?: Lane, where: (mail: UnsentMail) => boolean = ALL): unknown[] {
    const purged = purge(this.places, lane, where);
    return purged.map(({ message }) => message.subject);
  }
}

describe('purge', () => {
  it('gives back what waits, in order, and leaves what is on the wire', () => {
    const queue = new Queue();
    queue.holds('a');
    const wired = queue.holds('b', 'normal', false);
    queue.holds('c', 'bulk');

    expect(queue.purge()).toEqual(['a', 'c']);
    expect(wired.held).toBe(true);
    expect(queue.given).toMatchObject([
      { code: 'ABORTED', deliveryState: 'not-sent' },
      { code: 'ABORTED', deliveryState: 'not-sent' },
    ]);
    expect(queue.places.ledger.totals).toMatchObject({
      submitted: 3,
      notSent: 2,
      pending: 1,
    });
  });

  it('takes those of one lane, and those that are asked for', () => {
    const queue = new Queue();
    for (const lane of ['bulk', 'normal', 'urgent'] as const) {
      queue.holds(`${lane} a`, lane);
      queue.holds(`${lane} b`, lane);
    }

    expect(queue.purge('bulk')).toEqual(['bulk a', 'bulk b']);
    const where = ({ message }: UnsentMail): boolean =>
      message.subject?.endsWith('b') === true;
    expect(queue.purge(undefined, where)).toEqual(['normal b', 'urgent b']);
    expect(queue.purge('urgent', where)).toEqual([]);
  });

  it('purges nothing when it is not told which', () => {
    const queue = new Queue();
    queue.holds('a');
    queue.holds('b');
    const where = ({ message }: UnsentMail): boolean => {
      if (message.subject === 'b') throw new Error('no such field');
      return true;
    };

    expect(() => queue.purge(undefined, where)).toThrow('no such field');
    expect(queue.given).toEqual([]);
    expect(queue.places.ledger.pending).toBe(2);
  });

  it('takes a message that nobody has yet', () => {
    const queue = new Queue();
    const asked = { lane: 'normal', message: { subject: 'a' } } as const;
    const place = queue.places.take(asked, undefined);
    expect(queue.purge()).toEqual(['a']);

    const told: MailError[] = [];
    if (place instanceof Place) place.onRevoked((error) => told.push(error));
    expect(told).toMatchObject([{ code: 'ABORTED' }]);
    expect(queue.places.admission.messages).toBe(0);
  });

  it('takes those that wait for room, and only the ones asked for', async () => {
    const queue = new Queue({ maxMessages: 1, whenFull: 'wait' });
    const first = queue.holds('a', 'normal', false);
    const sends = [queue.waits('b'), queue.waits('c'), queue.waits('d')];
    const settled = Promise.allSettled(sends);

    const where = ({ message }: UnsentMail): boolean => message.subject !== 'c';
    expect(queue.purge(undefined, where)).toEqual(['b', 'd']);
    first.end('accepted');
    (await sends[1])?.end('accepted');

    expect(await settled).toMatchObject([
      { reason: { code: 'ABORTED' } },
      { status: 'fulfilled' },
      { reason: { code: 'ABORTED' } },
    ]);
    expect(queue.places.admission.messages).toBe(0);
    expect(queue.places.ledger.totals).toMatchObject({
      submitted: 4,
      accepted: 2,
      notSent: 2,
    });
  });

  it('takes those that the purge itself makes room for', async () => {
    const queue = new Queue({ maxMessages: 1, whenFull: 'wait' });
    queue.holds('a');
    const sends = Promise.allSettled([queue.waits('b'), queue.waits('c')]);

    expect(queue.purge()).toEqual(['a', 'b', 'c']);
    expect(await sends).toMatchObject([
      { reason: { code: 'ABORTED' } },
      { reason: { code: 'ABORTED' } },
    ]);
    expect(queue.places.admission.messages).toBe(0);
    expect(queue.places.ledger.pending).toBe(0);
  });

  it('gives back the bytes that a purged message waited for, or just got', async () => {
    const queue = new Queue({ maxBytes: 100, whenFull: 'wait' });
    const first = queue.holds('a', 'normal', false);
    expect(first.addBytes(80)).toBeUndefined();
    const [second, third] = [queue.holds('b'), queue.holds('c')];
    const settled = Promise.allSettled([
      second.addBytes(90),
      third.addBytes(20),
    ]);

    expect(
      queue.purge(undefined, ({ message }) => message.subject === 'b'),
    ).toEqual(['b']);
    expect(queue.places.admission.bytes).toBe(100);
    // It has its room, and does not know yet.
    expect(queue.purge()).toEqual(['c']);
    expect(await settled).toMatchObject([
      { reason: { code: 'ABORTED' } },
      { status: 'fulfilled' },
    ]);
    expect(third.refusal).toMatchObject({ code: 'ABORTED' });
    for (const place of [first, second, third]) place.release();
    expect(queue.places.admission).toMatchObject({ messages: 0, bytes: 0 });
  });
});
